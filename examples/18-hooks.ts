/**
 * Hooks: functions of yours that a run calls at its turns. These tell the model of the customer, refuse what costs too much,
 * keep card numbers from everybody, and do not let the run end before the customer has been written to.
 */
import assert from 'node:assert/strict';
import { defineTool, SAgent, textOf, ToolManager, type Hooks } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const order = defineTool({
  name: 'order',
  description: 'Shows an order.',
  effect: 'none',
  execute: () => ({ total: 1200, paidWith: '4111 1111 1111 1111' }),
});
const refund = defineTool({
  name: 'refund',
  description: 'Gives money back.',
  parameters: { properties: { euros: { type: 'integer' } }, required: ['euros'] },
  execute: ({ euros }) => `${euros} euros are on their way`,
});
let letters = 0;
const write = defineTool({
  name: 'write',
  description: 'Writes to the customer.',
  execute: () => `sent letter ${(letters += 1)}`,
});

const hooks: Hooks = {
  onUserMessage: () => ({ context: 'The customer is Ada, of Lisbon.' }),
  beforeTool: ({ tool, args }) => {
    const { euros = 0 } = args as { readonly euros?: number };
    const isTooMuch = tool === 'refund' && euros > 500;
    return isTooMuch ? { action: 'deny', reason: 'More than 500 euros are for the manager.' } : undefined;
  },
  afterTool: ({ content }) => ({ content: content.replaceAll(/\d{4}( \d{4}){3}/g, '(card)') }),
  onStop: () => (letters === 0 ? { action: 'continue', message: 'Write to the customer.' } : undefined),
};

const model = scriptedModel([
  { toolCalls: [{ name: 'order' }] },
  { toolCalls: [{ name: 'refund', arguments: { euros: 1200 } }] },
  'The manager will decide.',
  { toolCalls: [{ name: 'write' }] },
  'Ada knows.',
]);
await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions });
const run = agent.runStream({
  inputMessages: [{ role: 'user', content: 'The lamp came broken. I want my money back.' }],
  sessionId: 'complaint',
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You handle complaints.',
  maxLoopCount: 10,
  toolManager: new ToolManager({ tools: [order, refund, write] }),
  sandboxAgentWorkspace: folders.workspace,
  hooks,
});
const seen: string[] = [];
for await (const chunks of run) seen.push(...chunks.map(textOf));
assert.equal((await run.outcome).reason, 'done');

const sent = JSON.stringify(model.requests);
assert.match(sent, /The customer is Ada, of Lisbon\./);
assert.match(sent, /was not run\. More than 500 euros are for the manager\./);
assert.match(seen.join('\n'), /"paidWith":"\(card\)"/);
assert.doesNotMatch(sent + seen.join('\n'), /4111/);

const { hooks: said = [] } = (await agent.getTrace('complaint')) ?? {};
for (const { hook, outcome, reason } of said.filter((one) => one.outcome !== 'passed'))
  console.log(hook.padEnd(13), outcome, reason ?? '');
assert.equal(letters, 1);
console.log(`ok: ${said.length} times a hook was asked, and ${letters} letter was written`);
