import { describe, expect, test } from 'vitest';
import { textOf, type AgentConfig, type AgentDefinition } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import { agent, flow, sequence, simple } from './nodes.ts';

const toolManager = managerOf(echoTool(), waitingTool(newLog()));

describe('agent_config changes for its node, and for no other,', () => {
  test('the prompt', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['1', '2', '3', '4']);
    const root = sequence(
      simple(),
      simple({ system_prefix: 'Be long.' }),
      simple({ system_prefix: '' }),
      simple({ model_config: { temperature: 1 } }),
    );
    await record(house.run(model, { customFlow: flow(root) }));
    expect(model.requests.map(({ messages: [first] }) => first.role === 'system' && first.content)).toEqual([
      'Be brief.',
      'Be long.',
      false,
      'Be brief.',
    ]);
  });

  test('the tools that are offered', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['1', '2', '3']);
    const root = sequence(simple({ available_tools: ['wait'] }), simple({ available_tools: [] }), simple());
    await record(house.run(model, { customFlow: flow(root), toolManager }));
    expect(model.requests.map(({ tools }) => tools?.map((tool) => tool.function.name))).toEqual([
      ['wait'],
      undefined,
      ['echo', 'wait'],
    ]);
  });

  test('the tools that can be called', async () => {
    await using house = await createHouse();
    const model = scriptedModel([echo('a'), 'So', echo('b'), 'Done']);
    const root = sequence(simple({ available_tools: ['wait'] }), simple());
    await record(house.run(model, { sessionId: 's', customFlow: flow(root), toolManager }));
    const stored = await readSession(house.root, 's');
    expect(callStatuses(stored)).toEqual(['error', 'success']);
    const [refusal] = stored.messages.filter(({ role }) => role === 'tool').map(textOf);
    expect(JSON.parse(refusal ?? '')).toMatchObject({
      error_code: 'TOOL_NOT_FOUND',
      message: expect.stringMatching(/echo.*Known tools: wait\./),
    });
  });

  test('the model and its parameters', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['1', '2', '3']);
    const own: AgentConfig = {
      model_config: { model: 'other', temperature: 0.1, top_p: 0.2, max_tokens: 30, presence_penalty: 0.4 },
    };
    const root = sequence(simple(own), simple({ model_config: { extra_body: { b: 'node', c: 3 } } }), simple());
    const modelConfig = { model: 'test-model', topP: 0.9, extraBody: { a: 1, b: 2 } };
    await record(house.run(model, { customFlow: flow(root), modelConfig }));
    const same = { stream: true, stream_options: { include_usage: true } };
    expect(model.requests.map((request) => ({ ...request, messages: undefined }))).toEqual([
      { ...same, model: 'other', temperature: 0.1, top_p: 0.2, max_tokens: 30, presence_penalty: 0.4, a: 1, b: 2 },
      { ...same, model: 'test-model', top_p: 0.9, a: 1, b: 'node', c: 3 },
      { ...same, model: 'test-model', top_p: 0.9, a: 1, b: 2 },
    ]);
  });

  test('the name under which a model takes its max_tokens', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['1']);
    const root = simple({ model_config: { model: 'gpt-5' } });
    await record(house.run(model, { customFlow: flow(root), modelConfig: { model: 'test-model', maxTokens: 7 } }));
    expect(model.requests).toMatchObject([{ model: 'gpt-5', max_completion_tokens: 7 }]);
    expect(model.requests[0]).not.toHaveProperty('max_tokens');
  });
});

test('a model that a node has of its own is named by the entries of its calls', async () => {
  await using house = await createHouse();
  const root = sequence(simple({ model_config: { model: 'other' } }), simple());
  await record(house.run(scriptedModel(['1', '2']), { sessionId: 's', customFlow: flow(root) }));
  const { entries } = await readSession(house.root, 's');
  expect(entries.flatMap((entry) => (entry.type === 'model_called' ? [[entry.node, entry.model]] : []))).toEqual([
    ['root/steps/0', 'other'],
    ['root/steps/1', 'test-model'],
  ]);
});

describe('refused at once is', () => {
  test('a field that a built-in agent does not know', async () => {
    await using house = await createHouse();
    const customFlow = flow(sequence(simple(), simple({ sytem_prefix: 'Be long.' })));
    expect(() => house.run(scriptedModel([]), { customFlow })).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(
          /customFlow.*root\/steps\/1\/agent_config\/sytem_prefix.*simple.*system_prefix, available_tools, model_config/,
        ),
      }),
    );
  });

  test.each([
    ['of a manager', toolManager, /tool grep in root\/agent_config\/available_tools.*Allowed: echo, wait\./],
    ['without a manager', undefined, /grep.*the run has no toolManager/],
  ])('a tool nobody has registered (%s), with the names of those that are', async (_, manager, message) => {
    await using house = await createHouse();
    const customFlow = flow(simple({ available_tools: ['echo', 'grep'].slice(manager === undefined ? 1 : 0) }));
    const more = { customFlow, ...(manager === undefined ? {} : { toolManager: manager }) };
    expect(() => house.run(scriptedModel([]), more)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });

  test('a tool that a host’s own agent does not have either', async () => {
    await using house = await createHouse({ agents: [steps()] });
    const customFlow = flow(agent('steps', { available_tools: ['grep'] }));
    expect(() => house.run(scriptedModel([]), { customFlow, toolManager })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});

/** Takes one step, and keeps what its node has told it. */
const steps = (given: unknown[] = []): AgentDefinition => ({
  key: 'steps',
  async *run({ step, agentConfig }) {
    given.push(agentConfig);
    const outcome = yield* step();
    return outcome.type === 'acted' ? { type: 'done' } : outcome;
  },
});

describe('a host’s own agent', () => {
  test('gets the fields of its own, and {} where its node has none', async () => {
    const given: unknown[] = [];
    await using house = await createHouse({ agents: [steps(given)] });
    const config = { tone: 'dry', depth: { of: [1] } };
    const customFlow = flow(sequence(agent('steps', config), agent('steps')));
    await record(house.run(scriptedModel(['1', '2']), { customFlow }));
    expect(given).toEqual([config, {}]);
  });

  test('asks its model with the prompt, tools and parameters of its node', async () => {
    await using house = await createHouse({ agents: [steps()] });
    const model = scriptedModel(['1']);
    const config = { system_prefix: 'Be long.', available_tools: ['echo'], model_config: { model: 'other' }, tone: 1 };
    await record(house.run(model, { customFlow: flow(agent('steps', config)), toolManager }));
    expect(model.requests).toMatchObject([
      {
        model: 'other',
        messages: [{ content: 'Be long.' }, { role: 'user' }],
        tools: [{ function: { name: 'echo' } }],
      },
    ]);
  });
});
