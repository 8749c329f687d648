import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { builtinTools, defineTool, ToolManager, ToolProxy } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echoTool, managerOf } from '../../support/tools.ts';

describe.each(['local', 'remote'] as const)("sandboxType '%s'", (sandboxType) => {
  test('is refused at the first next() when a tool that needs a sandbox is offered, before anything is written', async () => {
    await using house = await createHouse();
    const needy = defineTool({
      name: 'needy',
      description: 'Needs a sandbox.',
      sandbox: 'needed',
      execute: () => 'ok',
    });
    const run = house.run(scriptedModel([]), {
      sandboxType,
      // More than any of them can do.
      sandboxOptions: { requireLimits: 'hard' },
      toolManager: managerOf(needy, echoTool()),
      sessionId: 's',
    });
    await expect(run.next()).rejects.toMatchObject({ code: 'sandbox-unavailable', facts: { sandboxType } });
    await expect(readdir(house.root)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(house.agent.listActiveSessions()).toEqual([]);
  });

  test('is nobody’s concern without such a tool', async () => {
    await using house = await createHouse();
    const { outcome } = await record(
      house.run(scriptedModel(['Hi']), { sandboxType, toolManager: managerOf(echoTool()) }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('is nobody’s concern when a proxy leaves such tools out', async () => {
    await using house = await createHouse();
    const all = new ToolManager({ tools: [...builtinTools(), echoTool()] });
    const toolManager = new ToolProxy(all, { allow: ['echo'] });
    const { outcome } = await record(house.run(scriptedModel(['Hi']), { sandboxType, toolManager }));
    expect(outcome).toMatchObject({ reason: 'done' });
  });
});

test('a sandbox that cannot be opened when a tool first needs it ends the run as sandbox-error', async () => {
  await using house = await createHouse();
  const needy = defineTool({ name: 'needy', description: 'Needs a sandbox.', sandbox: 'needed', execute: () => 'ok' });
  const answer = async () => {
    // A file comes to stand where the workspace should be.
    await writeFile(house.workspace, '');
    return call('needy');
  };
  const { outcome } = await record(
    house.run(scriptedModel([answer]), { toolManager: managerOf(needy), sessionId: 's' }),
  );
  expect(outcome).toMatchObject({ status: 'failed', reason: 'sandbox-error', phase: 'tools' });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['not_run']);
});
