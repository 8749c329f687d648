import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { existsSync } from 'node:fs';
import { builtinTools, ToolManager } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

describe('the end of a background command', () => {
  test('reaches the model before its next call, once, and no client', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      call('execute_shell_command', { command: 'echo compiled; touch ended', block_until_ms: 0 }),
      async () => {
        await vi.waitFor(() => expect(existsSync(join(house.workspace, 'ended'))).toBe(true));
        return call('todo_read');
      },
      async (request) => {
        // The command may take a moment from its last word to its end.
        if (!JSON.stringify(request.messages).includes('system_reminder'))
          return call('execute_shell_command', { command: 'sleep 0.5' });
        return 'Seen.';
      },
      'Seen.',
    ]);
    const toolManager = new ToolManager({ tools: builtinTools() });
    const { outcome, messages } = await record(
      house.run(model, { toolManager, permissions: { mode: 'full-access' }, sessionId: 's', maxLoopCount: 5 }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
    const last = JSON.stringify(model.requests.at(-1)?.messages);
    expect(last.split('A background command has ended').length).toBe(2);
    expect(last).toMatch(/exit_code.{1,5}0.*output_tail.{1,9}compiled/);
    expect(JSON.stringify(messages)).not.toContain('system_reminder');
    expect(JSON.stringify(await readSession(house.root, 's'))).toContain('background_command');
  });

  test('that the model has waited for is not told again', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      call('execute_shell_command', { command: 'echo compiled', block_until_ms: 20_000 }),
      'Done.',
    ]);
    const toolManager = new ToolManager({ tools: builtinTools() });
    await record(house.run(model, { toolManager, permissions: { mode: 'full-access' }, sessionId: 's' }));
    expect(JSON.stringify(model.requests)).not.toContain('system_reminder');
  });
});
