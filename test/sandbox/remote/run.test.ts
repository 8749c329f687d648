import { join } from 'node:path';
import { Sandbox } from '@alibaba-group/opensandbox';
import { expect, test } from 'vitest';
import { builtinTools, ToolManager, type RunOptions } from '../../../src/index.ts';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { readSession } from '../../support/journal.ts';
import { call } from '../../support/tools.ts';
import { createHouse } from '../../support/test-house.ts';
import { temporaryRoot } from '../local/helpers.ts';
import { Hosted, token } from './hosted.ts';

/** Our server in front of the local sandbox, as `sagents sandbox serve` has it, and a run that works there. */
async function serveLocal() {
  const root = join(await temporaryRoot(), 'served');
  const hosted = await Hosted.start({ root, workspacePath: '/sage-workspace', openSandbox: openLocalSandbox });
  const connection = { domain: hosted.domain, protocol: 'http' as const, apiKey: token };
  const options = (keep: boolean): Partial<RunOptions> => ({
    sandboxType: 'remote',
    sandboxAgentWorkspace: '/sage-workspace',
    sandboxOptions: { remote: { ...connection, keep } },
    toolManager: new ToolManager({ tools: builtinTools() }),
    sessionId: 's',
  });
  return { connection, options, [Symbol.asyncDispose]: () => hosted[Symbol.asyncDispose]() };
}

const shell = (command: string) => call('execute_shell_command', { command });

test('a run works in a sandbox of the server, which ends with it; the key stays out of the journal', async () => {
  await using house = await createHouse();
  await using server = await serveLocal();
  const model = scriptedModel([shell('echo text > file; cat file'), shell('pwd'), 'Done.']);
  const { outcome } = await record(house.run(model, server.options(false)));
  expect(outcome).toMatchObject({ reason: 'done' });
  const results = model.requests.flatMap(({ messages }) => messages).filter(({ role }) => role === 'tool');
  expect(JSON.stringify(results)).toContain('text');
  expect(JSON.stringify(results)).toContain('/sage-workspace');
  expect(JSON.stringify(await readSession(house.root, 's'))).not.toContain(token);
  const again = scriptedModel([shell('cat file'), 'Done.']);
  await record(house.run(again, server.options(false)));
  expect(JSON.stringify(again.requests[1]?.messages.at(-1))).toContain('No such file');
});

test('with keep the next run of the session finds what the one before has left', async () => {
  await using house = await createHouse();
  await using server = await serveLocal();
  await record(house.run(scriptedModel([shell('echo kept > file'), 'Done.']), server.options(true)));
  const model = scriptedModel([shell('cat file'), 'Done.']);
  const { outcome } = await record(house.run(model, server.options(true)));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain('kept');
});

test('with sandboxId it works in the sandbox the host has made', async () => {
  await using house = await createHouse();
  await using server = await serveLocal();
  const theirs = await Sandbox.create({ connectionConfig: server.connection, image: 'any' });
  const model = scriptedModel([shell('echo ours > file'), 'Done.']);
  await record(house.run(model, { ...server.options(false), sandboxId: theirs.id }));
  expect(await theirs.files.readFile('/sage-workspace/file')).toBe('ours\n');
});
