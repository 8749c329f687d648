import { join } from 'node:path';
import { Sandbox } from '@alibaba-group/opensandbox';
import { expect, test } from 'vitest';
import { openSandbox, probeSandbox } from '../../../src/index.ts';
import { readAll, temporaryWorkspace } from '../helpers.ts';
import { FakeServer, json } from './fake-server.ts';
import { Hosted, token } from './hosted.ts';

const unavailable = { code: 'sandbox-unavailable', facts: { sandboxType: 'remote' } };

async function optionsFor({ domain }: { readonly domain: string }) {
  const remote = { domain, protocol: 'http' as const, apiKey: token };
  const workspace = await temporaryWorkspace();
  return { type: 'remote' as const, workspace, root: workspace, remote };
}

test('a probe asks the server, and makes nothing there', async () => {
  await using hosted = await Hosted.start({ limits: { sandboxes: 1 } });
  const options = await optionsFor(hosted);
  expect((await probeSandbox(options)).limits).toMatchObject({ outputBytes: 'hard', memoryBytes: 'none' });
  await using sandbox = await openSandbox(options);
  expect((await readAll(sandbox.exec('echo there'))).stdout).toBe('there\n');
});

test('what keeps it from being opened is told before: no server, a wrong key, a sandbox that is gone', async () => {
  await using hosted = await Hosted.start();
  const options = await optionsFor(hosted);
  const { remote } = options;
  await expect(probeSandbox({ ...options, sandboxId: 'gone' })).rejects.toMatchObject(unavailable);
  await expect(probeSandbox({ ...options, sandboxId: 'gone' })).rejects.toThrow('is gone');
  const wrong = { ...options, remote: { ...remote, apiKey: 'wrong-key' } };
  await expect(probeSandbox(wrong)).rejects.toThrow(/^(?!.*wrong-key).*refused the key/);
  const { remote: _none, ...without } = options;
  await expect(probeSandbox(without)).rejects.toThrow('sandboxOptions.remote is missing');
  await using fake = await FakeServer.start({ 'GET /v1/sandboxes': json(500, { message: 'no' }) });
  await expect(probeSandbox(await optionsFor(fake))).rejects.toMatchObject(unavailable);
});

test('what only the server could promise is refused', async () => {
  await using hosted = await Hosted.start();
  const options = await optionsFor(hosted);
  for (const network of ['off', 'on'] as const) {
    await expect(probeSandbox({ ...options, network })).rejects.toThrow('server decides about the network');
  }
  await expect(probeSandbox({ ...options, limits: { processes: 5 } })).rejects.toThrow('Leave limits.processes out');
  await expect(probeSandbox({ ...options, requireLimits: 'hard' })).rejects.toMatchObject(unavailable);
  await probeSandbox({ ...options, limits: { outputBytes: 5 }, requireLimits: 'hard' });
});

test('a sandbox the host has made itself is worked in by its id', async () => {
  await using hosted = await Hosted.start();
  const options = await optionsFor(hosted);
  const theirs = await Sandbox.create({ connectionConfig: options.remote, image: 'any' });
  const workspace = join(hosted.folder, 'workspace');
  await using sandbox = await openSandbox({ ...options, workspace, sandboxId: theirs.id });
  await sandbox.writeFile('file', 'text');
  expect(await theirs.files.readFile(`${sandbox.workspace}/file`)).toBe('text');
});
