import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { builtinTools, ToolManager, type HookedResult, type Hooks } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

type Hook = NonNullable<Hooks['afterTool']>;

const secret = 'SECRET-99';

/** A run in which a command ends in the background, with a secret on its lips. */
async function hooked(afterTool: Hook) {
  await using house = await createHouse();
  const hasEnded = (text: string) => text.includes('system_reminder');
  const model = scriptedModel([
    call('execute_shell_command', { command: 'echo SECRET-$((90 + 9)); touch ended', block_until_ms: 0 }),
    async () => {
      await vi.waitFor(() => expect(existsSync(join(house.workspace, 'ended'))).toBe(true));
      return call('todo_read');
    },
    // The command may take a moment from its last word to its end.
    ({ messages }) =>
      hasEnded(JSON.stringify(messages)) ? 'Seen.' : call('execute_shell_command', { command: 'sleep 0.5' }),
    'Seen.',
  ]);
  const toolManager = new ToolManager({ tools: builtinTools() });
  const permissions = { mode: 'full-access' } as const;
  const run = house.run(model, { toolManager, permissions, sessionId: 's', hooks: { afterTool } });
  const { chunks } = await record(run);
  const { entries } = await readSession(house.root, 's');
  const reminder = model.requests.at(-1)?.messages.find(({ content }) => hasEnded(String(content)));
  return { reminder: String(reminder?.content), seen: JSON.stringify([model.requests, chunks, entries]) };
}

test('the end of a background command is told as afterTool leaves it', async () => {
  const given: HookedResult[] = [];
  const { reminder, seen } = await hooked((result) => {
    given.push(result);
    return { content: result.content.replaceAll(secret, '***') };
  });
  expect(reminder).toMatch(/has ended.*"exit_code":0.*"output_tail":"\*\*\*\\n"/s);
  expect(seen).not.toContain(secret);
  expect(given.filter(({ content }) => content.includes('output_tail'))).toMatchObject([
    {
      tool: 'execute_shell_command',
      effect: 'once',
      args: { command: 'echo SECRET-$((90 + 9)); touch ended' },
      status: 'success',
      content: expect.stringContaining(secret),
    },
  ]);
});

test('where afterTool fails, its output is withheld', async () => {
  const { reminder, seen } = await hooked(({ content }) => {
    if (content.includes(secret)) throw new Error('No database.');
  });
  expect(reminder).toMatch(/has ended.*withheld\. The hook afterTool failed: No database\./s);
  expect(seen).not.toContain(secret);
});
