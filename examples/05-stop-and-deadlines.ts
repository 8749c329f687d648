/**
 * Four ways to stop a run: a signal, a word from the host, a deadline, and leaving the loop.
 *
 * Being stopped is an outcome, not an accident: what was said so far is kept, marked as incomplete, and the session can go on.
 */
import assert from 'node:assert/strict';
import { SAgent, textOf, type RunOptions } from 'sagents';
import { record, scriptedModel, stall } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });

/** To be told by a model that says two words, and then nothing for as long as it is let. */
function story(options: Pick<RunOptions, 'signal' | 'deadlines'> = {}): RunOptions {
  return {
    inputMessages: [{ role: 'user', content: 'Tell me a story.' }],
    model: scriptedModel([{ text: ['Once ', 'upon ', 'a time.'], at: { 2: stall } }]),
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: 'You tell stories.',
    maxLoopCount: 10,
    sandboxAgentWorkspace: folders.workspace,
    ...options,
  };
}

// A signal. It reaches the model call and the tools; the stream ends as any other does.
const stop = new AbortController();
const aborted = agent.runStream(story({ signal: stop.signal }));
for await (const chunks of aborted) if (chunks.some((chunk) => textOf(chunk) === 'upon ')) stop.abort();
const reply = (await agent.getMessages(aborted.sessionId))?.find(({ role }) => role === 'assistant');
console.log(`signal     ${(await aborted.outcome).reason}; kept: ${JSON.stringify(reply?.content)}`);
assert.deepEqual([reply?.content, reply?.metadata], ['Once upon ', { incomplete: 'aborted' }]);

// A word from the host: this run drives itself, so there is no loop to leave.
const started = await agent.startRun(story());
for await (const chunks of agent.followSession(started.sessionId)) {
  if (chunks.some((chunk) => textOf(chunk) === 'upon ')) break; // Who follows may go; the run goes on.
}
await agent.interruptSession(started.sessionId);
console.log(`host       ${(await started.done).reason}`);

// A deadline: 50 ms between two chunks. The last chunks tell the reader what happened.
const late = await record(agent.runStream(story({ deadlines: { chunkMs: 50 } })));
console.log(`deadline   ${late.outcome.reason}; told: ${late.outcome.error?.message}`);

// Leaving the loop: nobody is interested any more, so nothing more is spent.
const left = agent.runStream(story());
for await (const _ of left) break;
console.log(`break      ${(await left.outcome).reason}`);

const outcomes = [await aborted.outcome, await started.done, late.outcome, await left.outcome];
assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['interrupted']));
assert.deepEqual(
  outcomes.map(({ reason }) => reason),
  ['aborted', 'interrupted', 'deadline', 'reader-gone'],
);
console.log('ok: stopped four times, each with its reason');
