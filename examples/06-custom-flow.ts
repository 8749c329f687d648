/**
 * A flow of your own: which agents work, in which order, side by side, and until when.
 *
 * Two researchers stream at the same time, a writer makes one text of what they found, and an agent of the host's own, which
 * needs no model, sends it back until it is short enough. The same flow is plain JSON, a diagram, and a trace afterwards.
 */
import assert from 'node:assert/strict';
import { agent, defineAgent, loop, parallel, SAgent, sequence, textOf, toMermaid, type AgentFlow } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const flow: AgentFlow = {
  name: 'article',
  root: sequence([
    parallel([
      agent('simple', { system_prefix: 'You look for facts.' }),
      agent('simple', { system_prefix: 'You look for doubts.' }),
    ]),
    loop('too_long', sequence([agent('simple', { system_prefix: 'You write.' }), agent('editor', { limit: 40 })]), {
      max_loops: 3,
    }),
  ]),
};

const editor = defineAgent({
  key: 'editor',
  async *run({ messages, agentConfig, state, add }) {
    const { length } = textOf(messages.at(-1) ?? { content: '' });
    const isShort = length <= Number(agentConfig['limit']);
    state.set('approved', isShort);
    yield add({ role: 'assistant', content: isShort ? 'Approved.' : `${length} letters: too long.` });
    return { type: 'done' };
  },
});

await using folders = await temporaryFolders();
await using sagent = new SAgent({ sessionRootSpace: folders.sessions, agents: [editor] });
sagent.registerCondition('too_long', ({ state }) => state.get('approved') !== true);

const run = sagent.runStream({
  inputMessages: [{ role: 'user', content: 'Why is the sky blue?' }],
  // The researchers stream in turns, so which of them gets the first answer does not matter.
  model: scriptedModel([
    'Air scatters blue light most.',
    'Violet is scattered even more.',
    'The sky is blue because air scatters blue light more than red.',
    'Air scatters blue light most.',
  ]),
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: '',
  maxLoopCount: 10,
  sandboxAgentWorkspace: folders.workspace,
  customFlow: flow,
});
for await (const chunks of run) {
  for (const { agent_name, is_final, ...chunk } of chunks) {
    process.stdout.write(textOf(chunk) + (is_final && agent_name !== undefined ? `  (${agent_name})\n` : ''));
  }
}

const { steps = [] } = (await sagent.getTrace(run.sessionId)) ?? {};
const agents = steps.filter(({ agent_key }) => agent_key !== undefined);
console.log(`\n${toMermaid(flow)}\n`);
for (const { path, agent_key, outcome } of agents) console.log(`  ${path.padEnd(30)}${agent_key}: ${outcome}`);

assert.equal((await run.outcome).reason, 'done');
assert.deepEqual(
  agents.map(({ agent_key }) => agent_key),
  ['simple', 'simple', 'simple', 'editor', 'simple', 'editor'],
);
assert.equal(agents.at(-1)?.path, 'root/steps/1/body/2/steps/1');
console.log('ok: two side by side, then two turns until it was short enough');
