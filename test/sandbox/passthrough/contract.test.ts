import { describe, expect, test } from 'vitest';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import { sandboxContract } from '../../../src/testing/sandbox-contract/sandbox-contract.ts';
import { temporaryWorkspace } from '../helpers.ts';

describe('the passthrough sandbox keeps the contract', () => {
  const contract = sandboxContract(async () => openPassthroughSandbox({ workspace: await temporaryWorkspace() }));
  test.each(contract)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
