/**
 * Sub-agents: one of the host's, with tools, a model and a folder of its own; one that the model makes when it wants it; and
 * one that fails, which leaves the others alone.
 *
 * A sub-agent gets the tools its record names, or all; never one that whoever delegates to it has not.
 */
import assert from 'node:assert/strict';
import { builtinTools, defineTool, SAgent, textOf, ToolManager, type ChatRequest } from 'sagents';
import { httpError, scriptedTeam } from 'sagents/testing';
import { temporaryFolders } from './temporary-folders.ts';

const measure = defineTool({
  name: 'measure',
  description: 'Measures a tower.',
  effect: 'none',
  execute: () => '42 m',
});
const call = (name: string, args: object = {}) => ({ name, arguments: args });
const task = (agent_id: string) => ({ agent_id, task_name: agent_id, content: 'How high is the tower?' });

const spawn = { name: 'guesser', description: 'Guesses.', system_prompt: 'You guess.', available_tools: [] };
const model = scriptedTeam({
  'You lead.': [
    { toolCalls: [call('sys_spawn_agent', spawn)] },
    { toolCalls: [call('sys_delegate_task', { tasks: ['surveyor', 'guesser', 'witness'].map(task) })] },
    ({ messages }) => {
      const [{ folder }] = JSON.parse(messages.at(-1).content).results;
      return { toolCalls: [call('file_read', { file_path: `${folder}/tower.txt` })] };
    },
    'It is 42 m high, as measured.',
  ],
  'You survey.': [
    { toolCalls: [call('measure'), call('execute_shell_command', { command: 'ls ../../..' })] },
    { toolCalls: [call('file_write', { file_path: 'tower.txt', content: 'measured: 42 m' })] },
    { toolCalls: [call('sys_finish_task', { result: '42 m; see tower.txt.' })] },
  ],
  'You guess.': ['About 50 m.'],
  'You saw it.': [() => Promise.reject(httpError(401, 'No such key.'))],
});

await using folders = await temporaryFolders();
await using agent = new SAgent({ sessionRootSpace: folders.sessions, sandboxType: 'passthrough' });
const available_tools = ['measure', 'file_write'];
const run = agent.runStream({
  agentMode: 'fibre',
  inputMessages: [{ role: 'user', content: 'How high is the tower? Ask several.' }],
  model,
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: 'You lead.',
  maxLoopCount: 10,
  toolManager: new ToolManager({ tools: [...builtinTools(), measure] }),
  sandboxAgentWorkspace: folders.workspace,
  customSubAgents: [
    { name: 'surveyor', system_prompt: 'You survey.', available_tools, model_config: { model: 'gpt-4o-mini' } },
    { name: 'witness', system_prompt: 'You saw it.' },
  ],
});
const answers: string[] = [];
for await (const chunks of run) {
  for (const { message_type, agent_name, ...chunk } of chunks) {
    if (message_type === 'tool_call_result') answers.push(`${agent_name}: ${textOf(chunk)}`);
  }
}
for (const answer of answers) console.log(answer.slice(0, 150));

const [lead, surveyor] = [model.members['You lead.'].requests, model.members['You survey.'].requests];
const { results } = JSON.parse(lead[2]?.messages.at(-1).content) as { results: Record<string, string>[] };
const ends = results.map(({ agent_id, status, reason = '' }) => `${agent_id} ${status} ${reason}`.trim());
console.log(ends.join(', '));

const namesOf = ({ tools = [] }: ChatRequest) => tools.map((tool) => tool.function.name);
assert.deepEqual(surveyor.map(namesOf)[0], ['file_write', 'measure', 'sys_finish_task']);
assert.equal(lead.map(namesOf)[0]?.includes('execute_shell_command'), true);
assert.match(answers[2] ?? '', /^surveyor: .*Tool \\"execute_shell_command\\" is unknown/);
assert.equal(surveyor[0]?.model, 'gpt-4o-mini');
assert.deepEqual(ends, ['surveyor completed', 'guesser completed', 'witness failed model-error']);
assert.match(answers.at(-1) ?? '', /^fibre: .*sub_agents\/surveyor\/.*measured: 42 m/);
assert.equal((await run.outcome).reason, 'done');
console.log('ok: one worked with the tools it was given, one was made on the way, and one failed alone');
