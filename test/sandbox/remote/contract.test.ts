import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';
import { sandboxContract } from '../../../src/testing/index.ts';
import { temporaryRoot } from '../local/helpers.ts';
import { Hosted } from './hosted.ts';

describe('our client keeps the contract against our server, in front of the local sandbox', { timeout: 60_000 }, () => {
  let hosted: Hosted;
  const contract = sandboxContract(() => hosted.open({ workspace: '/sage-workspace' }));
  test.each(contract)('$name', async ({ run }) => {
    const root = join(await temporaryRoot(), 'served');
    await using server = await Hosted.start({ root, workspacePath: '/sage-workspace', openSandbox: openLocalSandbox });
    hosted = server;
    await expect(run()).resolves.toBeUndefined();
    expect(server.errors).toEqual([]);
  });
});

describe('our client keeps the contract against our server, in front of the host', { timeout: 60_000 }, () => {
  let hosted: Hosted;
  const contract = sandboxContract(() => hosted.open());
  test.each(contract)('$name', async ({ run }) => {
    await using server = await Hosted.start();
    hosted = server;
    await expect(run()).resolves.toBeUndefined();
    expect(server.errors).toEqual([]);
  });
});
