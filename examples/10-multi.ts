/**
 * Multi: a run that plans its next step, carries it out, looks at what came of it and judges whether the task is done, in
 * rounds. This one writes a file with a mistake in it, finds it by running it, and mends it.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleMessages, builtinTools, SAgent, textOf, ToolManager, type MessageChunk } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const write = (content: string) => ({
  toolCalls: [{ name: 'file_write', arguments: { file_path: 'sum.sh', content } }],
});
const runIt = { toolCalls: [{ name: 'execute_shell_command', arguments: { command: 'sh sum.sh 2 3' } }] };
const json = (value: object) => JSON.stringify(value);

/** A real model is asked for JSON of a schema where it plans, looks and judges. */
const model = scriptedModel([
  json({ next_step: 'Write sum.sh and run it.', expected_result: 'sh sum.sh 2 3 prints 5.' }),
  write('echo $(($1 - $2))\n'),
  runIt,
  'I wrote sum.sh; it prints -1.',
  json({ result: 'sum.sh prints -1 for 2 and 3.', has_worked: false, still_open: 'It must print 5.' }),
  json({ reason: 'It subtracts.', verdict: 'continue' }),
  json({ next_step: 'Add instead of subtracting, and run it again.', expected_result: 'It prints 5.' }),
  write('echo $(($1 + $2))\n'),
  runIt,
  'Now it prints 5.',
  json({ result: 'sum.sh prints 5 for 2 and 3.', has_worked: true, still_open: '' }),
  json({ reason: 'It was run, and printed 5.', verdict: 'completed' }),
  'sum.sh adds its two arguments.',
]);

await using folders = await temporaryFolders();
const agent = new SAgent({ sessionRootSpace: folders.sessions });
const run = agent.runStream({
  agentMode: 'multi',
  inputMessages: [{ role: 'user', content: 'Write a script that adds two numbers, and make sure that it works.' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You are careful.',
  maxLoopCount: 8,
  toolManager: new ToolManager({ tools: builtinTools() }),
  sandboxType: 'passthrough',
  permissions: { mode: 'full-access' },
  sandboxAgentWorkspace: folders.workspace,
});
const chunks: MessageChunk[] = [];
for await (const batch of run) chunks.push(...batch);
const outcome = await run.outcome;
await agent.close();

const messages = assembleMessages(chunks);
for (const message of messages) console.log(message.message_type.padEnd(22), textOf(message).split('\n')[0]);
const rounds = messages.filter(({ message_type }) => message_type === 'planning').length;
assert.equal(outcome.reason, 'done');
assert.equal(await readFile(join(folders.workspace, 'sum.sh'), 'utf8'), 'echo $(($1 + $2))\n');
assert.equal(textOf(messages.at(-2) ?? { content: '' }), 'sum.sh adds its two arguments.');
console.log(`ok: planned, done, seen to be wrong and mended in ${rounds} rounds`);
