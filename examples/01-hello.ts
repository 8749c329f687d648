/**
 * The smallest run: a question, one model call, an answer that streams.
 *
 * A run is an async generator. It yields what happens, in batches of chunks, and what it came to is its outcome. By the time
 * a chunk is seen it has been stored, so the session can be read back, here and by any other process.
 */
import assert from 'node:assert/strict';
import { SAgent, textOf } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });

// Stands in for `new OpenAI()`: it streams its answers from a script, piece by piece, without a network.
const model = scriptedModel([{ text: ['Hello! ', 'What ', 'shall ', 'we ', 'build?'] }]);

const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'Hello' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You are helpful.',
  maxLoopCount: 10,
  sandboxAgentWorkspace: folders.workspace,
});

for await (const chunks of run) {
  for (const chunk of chunks) process.stdout.write(textOf(chunk));
}
const outcome = await run.outcome;

console.log(`\n\nThe run ended ${outcome.status}/${outcome.reason}. Stored in session ${run.sessionId}:`);
for (const { role, message_type, content } of (await agent.getMessages(run.sessionId)) ?? []) {
  console.log(`  ${role.padEnd(10)}${message_type.padEnd(16)}${JSON.stringify(content)}`);
}

assert.equal(outcome.reason, 'done');
assert.equal(await agent.getSessionStatus(run.sessionId), 'completed');
console.log(`ok: said hello in ${outcome.usage.calls} model call`);
