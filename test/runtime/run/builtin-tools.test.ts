import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtinTools, textOf, ToolManager } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

const toolManager = new ToolManager({ tools: builtinTools() });
const permissions = { mode: 'full-access' } as const;

test('through a run in passthrough, files are written, read and listed, and commands are run', async () => {
  await using house = await createHouse();
  const model = scriptedModel([
    call('file_write', { file_path: 'notes/a.txt', content: 'one\ntwo\n' }),
    {
      toolCalls: [
        { name: 'file_read', arguments: { file_path: 'notes/a.txt' } },
        { name: 'list_dir', arguments: { path: '.' } },
      ],
    },
    call('execute_shell_command', { command: 'cat notes/a.txt | tr a-z A-Z' }),
    'Done',
  ]);
  const { outcome } = await record(house.run(model, { toolManager, permissions, sessionId: 's' }));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(await readFile(join(house.workspace, 'notes/a.txt'), 'utf8')).toBe('one\ntwo\n');
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['success', 'success', 'success', 'success']);
  const results = stored.messages.filter(({ message_type }) => message_type === 'tool_call_result');
  const texts = results.map(({ content }) => textOf({ content }));
  expect(texts[1]).toContain('two');
  expect(texts[2]).toContain('a.txt');
  expect(texts[3]).toContain('TWO');
});

test('a command is killed with its run', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const controller = new AbortController();
  const model = scriptedModel([call('execute_shell_command', { command: 'echo begun; sleep 60; echo ended > ended' })]);
  const run = house.run(model, { toolManager, permissions, signal: controller.signal, sessionId: 's' });
  const started = performance.now();
  for await (const batch of run) if (JSON.stringify(batch).includes('begun')) setImmediate(() => controller.abort());
  expect(await run.outcome).toMatchObject({ reason: 'aborted', abandonedTools: [] });
  expect(performance.now() - started).toBeLessThan(20_000);
  expectAtRest(await readSession(house.root, 's'));
  await expect(readFile(join(house.workspace, 'ended'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await strays.look()).toEqual(nothing);
});

test('what a tool refuses goes to the model, which goes on', async () => {
  await using house = await createHouse();
  const model = scriptedModel([call('file_read', { file_path: '../outside.txt' }), 'I may not']);
  await mkdir(house.workspace, { recursive: true });
  await writeFile(join(house.workspace, '..', 'outside.txt'), 'secret');
  const { outcome } = await record(house.run(model, { toolManager, permissions, sessionId: 's' }));
  expect(outcome).toMatchObject({ reason: 'done' });
  const { content } = model.requests[1]?.messages.at(-1) ?? {};
  expect(content).toContain('outside.txt');
  expect(content).not.toContain('secret');
  expect(callStatuses(await readSession(house.root, 's'))).toEqual(['error']);
});
