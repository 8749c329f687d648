/**
 * Who approves need not be where the agent is.
 *
 * The run meets a tool with `approval: 'ask'` and is suspended: it ends, and nothing of it is kept in memory. Another process, on
 * the same folder of sessions, lists what waits and answers it, here with other arguments. Whoever continues the run then runs
 * exactly what was approved, once.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { defineTool, SAgent, ToolManager } from 'sagents';
import { record, scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';
import { visible } from './visible.ts';

/** Only given to the process of whoever approves. */
const [, , sessionsToLookAt] = process.argv;
if (sessionsToLookAt !== undefined) {
  await approve(sessionsToLookAt);
  process.exit();
}

async function approve(sessions: string): Promise<void> {
  await using sagent = new SAgent({ sessionRootSpace: sessions });
  for (const { confirmation_id, arguments: asked, digest, reason } of await sagent.listPendingConfirmations('trip')) {
    // Nothing of what is approved may hide.
    console.log(visible(`  ${reason} ${JSON.stringify(asked)}`));
    // The digest is that of what was shown: should anything else stand there by now, the answer is refused.
    const changed = { train: 'IC 521', seats: 2 };
    const answer = { decision: 'allow-once', arguments: changed, digest, by: 'Ada' } as const;
    await sagent.answerConfirmation('trip', confirmation_id, answer);
    console.log(`  Ada allows it once, as ${JSON.stringify(changed)}`);
  }
}

const bought: unknown[] = [];
const buyTickets = defineTool({
  name: 'buy_tickets',
  description: 'Buys tickets. They cannot be given back.',
  approval: 'ask',
  parameters: {
    type: 'object',
    properties: { train: { type: 'string' }, seats: { type: 'integer', minimum: 1 } },
    required: ['train', 'seats'],
  },
  execute: (args) => `${bought.push(args)} bought`,
});

await using folders = await temporaryFolders();

/** With an agent of its own each time: of a run that is suspended, only its journal is left. */
async function travel(content: string | undefined, answer: ScriptedAnswer) {
  await using sagent = new SAgent({ sessionRootSpace: folders.sessions });
  const run = sagent.runStream({
    inputMessages: content === undefined ? [] : [{ role: 'user', content }],
    sessionId: 'trip',
    model: scriptedModel([answer]),
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: 'You plan trips.',
    maxLoopCount: 10,
    toolManager: new ToolManager({ tools: [buyTickets] }),
    sandboxAgentWorkspace: '.',
    whenApprovalNeeded: 'suspend',
  });
  const { outcome } = await record(run);
  console.log(`The run has ended: ${outcome.status}, ${outcome.reason}. Bought: ${JSON.stringify(bought)}`);
  return outcome;
}

// A model may write anything: also what no terminal shows.
const toBuy = { name: 'buy_tickets', arguments: { train: 'IC 521\u200B', seats: 12 } };
const first = await travel('Get the two of us to Porto.', { toolCalls: [toBuy] });

console.log('Another process looks at what waits:');
const own = [...process.execArgv, import.meta.filename, folders.sessions];
const [exitCode] = await once(spawn(process.execPath, own, { stdio: 'inherit' }), 'exit');

console.log('This one goes on:');
const second = await travel(undefined, 'You have two seats.');

assert.equal(exitCode, 0);
assert.deepEqual([first.status, first.reason], ['waiting', 'approval-required']);
assert.deepEqual([second.status, second.runId], ['completed', first.runId]);
assert.deepEqual(bought, [{ train: 'IC 521', seats: 2 }]);
console.log('ok: approved in another process with other arguments, and bought once');
