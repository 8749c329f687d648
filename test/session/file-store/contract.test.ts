import { describe, expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import type { SessionStore } from '../../../src/session/session-store.ts';
import { storeContract, type StorePlace } from '../../../src/testing/store-contract/store-contract.ts';
import { TemporaryRoot } from './support.ts';

describe('the file store keeps the contract', () => {
  test.each(storeContract(createPlace))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

async function createPlace(): Promise<StorePlace> {
  const root = new TemporaryRoot();
  const stores: SessionStore[] = [];
  const openAnother = async (): Promise<SessionStore> => {
    const store = createFileStore(root.path);
    stores.push(store);
    return store;
  };
  return {
    store: await openAnother(),
    openAnother,
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store.close()));
      root[Symbol.dispose]();
    },
  };
}
