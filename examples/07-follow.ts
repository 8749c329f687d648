/**
 * Followers: any number of readers of one run, in any process, each from where it stands.
 *
 * `startRun` lets the agent drive. A reader that was cut off comes back with the last `seq` it has, and gets exactly what it
 * has missed; a reader in another process gets the same chunks from the journal.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SAgent, textOf, type MessageChunk } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const sessionId = 'poem';

async function follow(agent: SAgent, options: { afterSeq?: number; upTo?: number } = {}): Promise<MessageChunk[]> {
  const seen: MessageChunk[] = [];
  for await (const chunks of agent.followSession(sessionId, options)) {
    seen.push(...chunks);
    if (seen.length >= (options.upTo ?? Infinity)) break;
  }
  return seen;
}

/** Only given to the process that reads from outside. */
const [, , theirSessions] = process.argv;
if (theirSessions !== undefined) {
  await using reader = new SAgent({ sessionRootSpace: theirSessions });
  console.log(JSON.stringify(await follow(reader)));
  process.exit();
}

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });
const lines = ['The fog comes ', 'on little ', 'cat feet. ', 'It sits ', 'looking.'];
const gate = Promise.withResolvers<void>();
const { done } = await agent.startRun({
  inputMessages: [{ role: 'user', content: 'A poem, please.' }],
  sessionId,
  // Waits in the middle until one reader has gone and another process has come.
  model: scriptedModel([{ text: lines, at: { 3: () => gate.promise } }]),
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You are a poet.',
  maxLoopCount: 10,
  sandboxAgentWorkspace: folders.workspace,
});

const whole = follow(agent);
const before = await follow(agent, { upTo: 3 });
const afterSeq = before.at(-1)?.seq ?? 0;
console.log(`A reader was cut off after ${afterSeq}: ${before.map(textOf).join('|')}`);

const args = [...process.execArgv, import.meta.filename, folders.sessions];
const outside = promisify(execFile)(process.execPath, args);
gate.resolve();
const after = await follow(agent, { afterSeq });
console.log(`It came back and got the rest: ${after.map(textOf).join('|')}`);

const everything = await whole;
assert.equal((await done).reason, 'done');
assert.deepEqual([...before, ...after], everything);
assert.deepEqual(JSON.parse((await outside).stdout), everything);
await assert.rejects(follow(agent, { afterSeq: 10_000 }), { code: 'cursor-expired' });
console.log('ok: three readers, one of them cut off and one in another process, got the same');
