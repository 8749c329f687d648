/**
 * Tools: one of our own, and the built-in ones that work in a sandbox.
 *
 * Arguments are checked before a tool sees them. A tool that is an async generator yields progress, which readers are shown
 * and the model is not, and returns its result, which both get. What it throws goes to the model too, which can mend it.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtinTools, defineTool, SAgent, textOf, ToolManager } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { z } from 'zod';
import { temporaryFolders } from './temporary-folders.ts';

const stock = defineTool({
  name: 'stock',
  description: 'Tells how many pieces of an article are in stock.',
  parameters: z.object({ article: z.enum(['bolt', 'nut']) }),
  effect: 'none',
  async *execute({ article }) {
    yield `counting every ${article} …`;
    return { article, pieces: article === 'bolt' ? 1200 : 800 };
  },
});

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions, sandboxType: 'passthrough' });

const model = scriptedModel([
  // Three calls at once. The second asks for an article that is none: it is told so, and the others run.
  { toolCalls: ['bolt', 'screw', 'nut'].map((article) => ({ name: 'stock', arguments: { article } })) },
  { toolCalls: [{ name: 'file_write', arguments: { file_path: 'stock.txt', content: 'bolt 1200\nnut 800\n' } }] },
  { toolCalls: [{ name: 'execute_shell_command', arguments: { command: 'sort -k2 -n stock.txt | head -1' } }] },
  'We are shortest of nuts: 800 pieces.',
]);

const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'Note the stock of bolts, screws and nuts. What are we shortest of?' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You keep the stock.',
  maxLoopCount: 10,
  toolManager: new ToolManager({ tools: [...builtinTools(), stock] }),
  sandboxAgentWorkspace: folders.workspace,
});

const statuses: unknown[] = [];
for await (const chunks of run) {
  for (const chunk of chunks) {
    if (chunk.message_type === 'tool_call_result') statuses.push(chunk.metadata?.['tool_execution_status']);
    if (textOf(chunk).trim() !== '') console.log(`${chunk.message_type.padEnd(18)}${textOf(chunk).trim()}`);
  }
}

assert.deepEqual(statuses, ['success', 'error', 'success', 'success', 'success']);
assert.equal(await readFile(join(folders.workspace, 'stock.txt'), 'utf8'), 'bolt 1200\nnut 800\n');
console.log(`ok: ${statuses.length} tool calls, one of them refused with a reason`);
