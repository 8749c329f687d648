import { describe, expect, test } from 'vitest';
import { SageError, type CustomSubAgent, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { flow, simple } from '../flow/nodes.ts';
import { fibre, subAgent, subAgents } from './team.ts';

/** What `runStream` throws at once. */
async function refusalOf(customSubAgents: unknown, more: Partial<RunOptions> = {}): Promise<SageError> {
  await using house = await createHouse();
  const given = { ...fibre, customSubAgents, ...more } as Partial<RunOptions>;
  try {
    house.run(scriptedModel([]), given);
  } catch (error) {
    if (error instanceof SageError) return error;
  }
  throw new Error('It was taken.');
}

describe('customSubAgents are refused at once, with the place,', () => {
  const ann = subAgent('Ann');
  test.each<[string, unknown, string]>([
    ['for no list', ann, 'customSubAgents cannot be "object". Allowed: a list of agents.'],
    [
      'for what is no agent',
      [ann, 'Bob'],
      'customSubAgents[1] cannot be "Bob". Allowed: an object with name, and any of',
    ],
    ['for one without a name', [{ description: 'x' }], 'customSubAgents[0].name cannot be nothing. Allowed: a name.'],
    ['for a blank name', [{ name: ' ' }], 'customSubAgents[0].name cannot be " ". Allowed: a name.'],
    ['for an empty id', [{ ...ann, agent_id: '' }], 'customSubAgents[0].agent_id cannot be "".'],
    ['for a prompt that is no text', [{ ...ann, system_prompt: 1 }], 'customSubAgents[0].system_prompt cannot be 1.'],
    ['for a description that is no text', [{ ...ann, description: 1 }], 'customSubAgents[0].description cannot be 1.'],
    [
      'for a field nobody knows',
      [ann, { ...ann, tools: [] }],
      'customSubAgents[1].tools is no option. Known: agent_id,',
    ],
    [
      'for a mode there is not',
      [{ ...ann, agent_mode: 'multi' }],
      `customSubAgents[0].agent_mode cannot be "multi". Allowed: 'simple', 'fibre'.`,
    ],
    [
      'for tools that are no list',
      [{ ...ann, available_tools: 'echo' }],
      'customSubAgents[0].available_tools cannot be "echo".',
    ],
    [
      'for a tool nobody knows',
      [{ ...ann, available_tools: ['echo', 'bash'] }],
      'customSubAgents[0].available_tools cannot be "bash". Allowed: echo.',
    ],
    [
      'for a model setting nobody knows',
      [{ ...ann, model_config: { topP: 1 } }],
      'customSubAgents[0].model_config.topP is no option.',
    ],
    [
      'for a key in a model setting',
      [{ ...ann, model_config: { api_key: 'secret' } }],
      'customSubAgents[0].model_config.api_key is no option.',
    ],
    [
      'for a model setting that is no number',
      [{ ...ann, model_config: { temperature: 'hot' } }],
      'customSubAgents[0].model_config.temperature cannot be "hot".',
    ],
    [
      'for a second one of its id',
      [ann, { name: 'Other', agent_id: 'Ann' }],
      'customSubAgents[1] cannot be "a second "Ann"".',
    ],
    [
      'for a second one of its name',
      [
        { ...ann, agent_id: 'a' },
        { ...ann, agent_id: 'b' },
      ],
      'customSubAgents[1] cannot be "a second "b"".',
    ],
  ])('%s', async (_, given, words) => {
    const error = await refusalOf(given, { toolManager: managerOf(echoTool()) });
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('secret');
  });

  test('for a tool where the run has none', async () => {
    const { message } = await refusalOf([subAgent('Ann', { available_tools: ['echo'] })]);
    expect(message).toContain('Allowed: no tools, for the run has none.');
  });

  test('for a skill where the run has none; an empty list asks for none', async () => {
    await using house = await createHouse();
    const { message } = await refusalOf([{ ...subAgent('Ann'), available_skills: ['pdf'] }]);
    expect(message).toContain('Allowed: no skills, for the run has no skillManager.');
    const empty: CustomSubAgent[] = [Object.assign(subAgent('Ann'), { available_skills: [] })];
    const { outcome } = await record(house.run(scriptedModel(['Hi']), { ...fibre, customSubAgents: empty }));
    expect(outcome.reason).toBe('done');
  });

  test.each(['simple', 'multi'] as const)('where nobody delegates: in %s', async (agentMode) => {
    const { code, message } = await refusalOf(subAgents('Ann'), { agentMode });
    expect(code).toBe('invalid-argument');
    expect(message).toContain(`unless agentMode is 'fibre' or customFlow has an agent "fibre"`);
  });

  test('where nobody delegates: in a flow without fibre, whatever the mode', async () => {
    const { message } = await refusalOf(subAgents('Ann'), { customFlow: flow(simple()) });
    expect(message).toContain('customSubAgents cannot be "a list with 1"');
  });

  test('but an empty list asks for nobody', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel(['Hi']), { customSubAgents: [] });
    expect((await record(run)).outcome.reason).toBe('done');
  });
});

describe('a tool of the host’s', () => {
  const names = ['sys_delegate_task', 'sys_spawn_agent', 'sys_finish_task'];
  test.each(names)('may not be called %s in fibre', async (name) => {
    const error = await refusalOf([], { toolManager: managerOf({ ...echoTool(), name }) });
    expect([error.code, error.message]).toEqual([
      'invalid-argument',
      `toolManager cannot be "a manager with a tool "${name}"". Allowed: other names: fibre has a tool of that name itself.`,
    ]);
  });

  test('may be called so elsewhere', async () => {
    await using house = await createHouse();
    const toolManager = managerOf({ ...echoTool(), name: 'sys_delegate_task' });
    const { outcome } = await record(house.run(scriptedModel(['Hi']), { toolManager }));
    expect(outcome.reason).toBe('done');
  });
});
