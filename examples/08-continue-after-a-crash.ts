/**
 * A run that dies in the middle of its flow goes on in the middle of its flow.
 *
 * The trace in the journal is the program counter: decisions that were taken stay taken, nodes that were left are skipped, and
 * the node that was open is entered again. The tool calls it had open are settled as their `effect` allows: this payment may
 * have gone through, so it is not made again, and the model is told to check.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { agent, defineAgent, defineTool, SAgent, sequence, textOf, ToolManager, when, type AgentFlow } from 'sagents';
import { record, scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const flow: AgentFlow = {
  name: 'order',
  root: sequence([
    agent('check_stock'),
    when('in_stock', agent('simple', { available_tools: ['pay', 'look_up_payment'] })),
  ]),
};

const checkStock = defineAgent({
  key: 'check_stock',
  async *run({ state, add }) {
    state.set('in_stock', 3);
    yield add({ role: 'assistant', content: 'Three lamps are in stock.' });
    return { type: 'done' };
  },
});

/** Only given to the child process, which dies while it pays. */
const [, , doomedSessions] = process.argv;

const pay = defineTool({
  name: 'pay',
  description: 'Pays the bill.',
  effect: 'once',
  execute: () => (doomedSessions === undefined ? 'paid' : process.kill(process.pid, 'SIGKILL')),
});
const lookUp = defineTool({
  name: 'look_up_payment',
  description: 'Looks a payment up.',
  effect: 'none',
  execute: () => 'paid',
});

async function order(sessions: string, content: string | undefined, answers: ScriptedAnswer[]) {
  await using sagent = new SAgent({ sessionRootSpace: sessions, agents: [checkStock] });
  sagent.registerCondition('in_stock', ({ state }) => Number(state.get('in_stock')) > 0);
  const run = sagent.runStream({
    inputMessages: content === undefined ? [] : [{ role: 'user', content }],
    sessionId: 'order',
    model: scriptedModel(answers),
    modelConfig: { model: 'gpt-4o' },
    systemPrefix: 'You sell lamps.',
    maxLoopCount: 10,
    toolManager: new ToolManager({ tools: [pay, lookUp] }),
    sandboxAgentWorkspace: '.',
    customFlow: flow,
  });
  const { outcome, messages } = await record(run);
  return { outcome, messages, trace: await sagent.getTrace('order') };
}

if (doomedSessions !== undefined) await order(doomedSessions, 'One lamp, please.', [{ toolCalls: [{ name: 'pay' }] }]);

await using folders = await temporaryFolders();
const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, folders.sessions]);
const [, signal] = await once(child, 'exit');
console.log(`The process that paid was ended by ${signal}. This one continues its run:`);

const { outcome, messages, trace } = await order(folders.sessions, undefined, [
  { toolCalls: [{ name: 'look_up_payment' }] },
  'Your lamp is paid for.',
]);
for (const message of messages) console.log(`  ${message.message_type.padEnd(18)}${textOf(message)}`);
for (const { path, decision, outcome: end } of trace?.steps ?? []) console.log(`  ${path} ${decision ?? ''} ${end}`);

const statuses = messages.map(({ metadata }) => metadata?.['tool_execution_status']).filter(Boolean);
assert.deepEqual([outcome.reason, trace?.attempts], ['done', 2]);
assert.deepEqual(statuses, ['unknown', 'success']);
assert.equal(
  messages.some((message) => textOf(message).includes('in stock')),
  false,
  'the stock was not checked again',
);
console.log('ok: the run went on where it was, and paid once at most');
