import { describe, expect, test } from 'vitest';
import { defineAgent, textOf, type AgentDefinition, type StepOutcome } from '../../../src/index.ts';
import { httpError, record, scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { agent, choose, doer, either, flow, loop, sayer, sequence, simple } from './nodes.ts';

/** Model and tools in turn, as `simple` does it. */
const worker = defineAgent({
  key: 'worker',
  async *run({ step }) {
    for (;;) {
      const outcome = yield* step();
      if (outcome.type !== 'acted') return outcome;
    }
  },
});

describe('a host’s own agent', () => {
  test('says something without a model: stored, seen under its name, and sent to the next one', async () => {
    await using house = await createHouse({ agents: [sayer('greeter', 'Welcome!')] });
    const model = scriptedModel(['Hi']);
    const customFlow = flow(sequence(agent('greeter'), simple()));
    const { messages, outcome } = await record(house.run(model, { sessionId: 's', customFlow }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
    expect(messages[0]).toMatchObject({
      role: 'assistant',
      content: 'Welcome!',
      agent_name: 'greeter',
      message_type: 'assistant_text',
      session_id: 's',
    });
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'Welcome!']);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('may say it as a user would, or so that only models read it', async () => {
    const talker: AgentDefinition = {
      key: 'talker',
      async *run({ add }) {
        yield add({ role: 'user', content: 'And?' });
        yield add({ role: 'user', content: 'Hm.', message_type: 'guide', metadata: { hidden_from_chat: true } });
        return { type: 'done' };
      },
    };
    await using house = await createHouse({ agents: [talker] });
    const model = scriptedModel(['Hi']);
    const customFlow = flow(sequence(agent('talker'), simple()));
    const { messages } = await record(house.run(model, { sessionId: 's', customFlow }));
    expect(messages.map(textOf)).toEqual(['And?', 'Hi', '']);
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'And?', 'Hm.']);
    const stored = await house.agent.getMessages('s', { includeHidden: true });
    expect(stored?.map(({ message_type }) => message_type).slice(1, 3)).toEqual(['user_input', 'guide']);
  });

  test('takes steps in a loop, with the tools of the run', async () => {
    await using house = await createHouse({ agents: [worker] });
    const model = scriptedModel([echo('a'), echo('b'), 'Done']);
    const more = { sessionId: 's', customFlow: flow(agent('worker')), toolManager: managerOf(echoTool()) };
    const { text, outcome, messages } = await record(house.run(model, more));
    expect([text, outcome.reason]).toEqual(['Done', 'done']);
    expect(new Set(messages.slice(0, -1).map(({ agent_name }) => agent_name))).toEqual(new Set(['worker']));
    expectAtRest(await readSession(house.root, 's'));
  });

  test('sees the run: ids, settings, facts, and the messages as they stand', async () => {
    const seen: unknown[] = [];
    const looks = doer('looks', ({ sessionId, runId, settings, systemContext, messages }) =>
      seen.push({ sessionId, runId, settings, systemContext, said: messages.map(textOf) }),
    );
    await using house = await createHouse({ agents: [looks, sayer('greeter')] });
    const customFlow = flow(sequence(agent('looks'), agent('greeter'), agent('looks')));
    const run = house.run(scriptedModel([]), {
      sessionId: 's',
      customFlow,
      systemContext: { city: 'Bonn' },
      deepThinking: true,
    });
    await record(run);
    const same = {
      sessionId: 's',
      runId: run.runId,
      settings: {
        agent_mode: 'simple',
        deep_thinking: true,
        thinking_level: 'high',
        enable_plan: false,
        more_suggest: false,
        force_summary: false,
      },
      systemContext: { city: 'Bonn' },
    };
    expect(seen).toEqual([
      { ...same, said: ['Hello'] },
      { ...same, said: ['Hello', 'greeter'] },
    ]);
  });

  test('keeps state that later nodes, conditions and switches of the run read, and the next run does not', async () => {
    const seen: unknown[] = [];
    const counts = doer('counts', ({ state }) => {
      seen.push(state.get('count'));
      state.set('count', Number(state.get('count') ?? 0) + 1);
    });
    await using house = await createHouse({ agents: [counts, sayer('two')] });
    house.agent.registerCondition('below_two', ({ state }) => Number(state.get('count') ?? 0) < 2);
    const customFlow = flow(sequence(loop('below_two', agent('counts')), choose('count', { '2': agent('two') })));
    const { text } = await record(house.run(scriptedModel([]), { sessionId: 's', customFlow }));
    expect(text).toBe('two');
    await record(house.run(scriptedModel([]), { sessionId: 's', customFlow }));
    expect(seen).toEqual([undefined, 1, undefined, 1]);
  });

  test('that asks for the user’s word ends the run so', async () => {
    const asks: AgentDefinition = {
      key: 'asks',
      async *run({ add }) {
        yield add({ role: 'assistant', content: 'Which one?' });
        return { type: 'need-user-input' };
      },
    };
    await using house = await createHouse({ agents: [asks, sayer('never')] });
    const run = house.run(scriptedModel([]), { customFlow: flow(sequence(agent('asks'), agent('never'))) });
    const { outcome, text } = await record(run);
    expect(outcome).toMatchObject({ status: 'completed', reason: 'need-user-input' });
    expect(text).toBe('Which one?');
  });
});

describe('the steps of a run', () => {
  test('used up by a host’s own agent: its calls are answered "not run", and it is told max-loops', async () => {
    await using house = await createHouse({ agents: [worker] });
    const more = { sessionId: 's', toolManager: managerOf(echoTool()), maxLoopCount: 2 };
    const model = scriptedModel([echo('a'), echo('b')]);
    const { outcome } = await record(house.run(model, { ...more, customFlow: flow(agent('worker')) }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'max-loops' });
    expectAtRest(await readSession(house.root, 's'));
  });

  test.each(['worker', 'simple'])('are those of all its nodes: %s calls no model when none is left', async (key) => {
    await using house = await createHouse({ agents: [worker, sayer('never')] });
    const model = scriptedModel(['1', '2']);
    const customFlow = flow(sequence(simple(), simple(), agent(key), agent('never')));
    const { outcome, text } = await record(house.run(model, { customFlow, maxLoopCount: 2 }));
    expect(outcome).toMatchObject({ reason: 'max-loops' });
    expect(text).toBe('12');
    expect(model.requests).toHaveLength(2);
  });

  test.each(['worker', 'simple'])('are not taken over the tokens of the run: %s calls no model then', async (key) => {
    await using house = await createHouse({ agents: [worker] });
    const usage = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 };
    const model = scriptedModel([{ text: '1', usage }]);
    const customFlow = flow(sequence(simple(), agent(key)));
    const { outcome } = await record(house.run(model, { customFlow, limits: { maxTokens: 100 } }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'budget', error: { code: 'budget' } });
    expect(model.requests).toHaveLength(1);
  });

  test('that fail are told to the agent, which may go on without them', async () => {
    const told: StepOutcome[] = [];
    const tries: AgentDefinition = {
      key: 'tries',
      async *run({ step, add }) {
        told.push(yield* step());
        yield add({ role: 'assistant', content: 'Never mind.' });
        return { type: 'done' };
      },
    };
    await using house = await createHouse({ agents: [tries] });
    const refuse = () => Promise.reject(httpError(400, 'No.'));
    const run = house.run(scriptedModel([{ at: { 0: refuse } }]), { customFlow: flow(agent('tries')) });
    const { outcome, text } = await record(run);
    expect(told).toMatchObject([{ type: 'failed', error: { code: 'model-error' } }]);
    expect([outcome.reason, text]).toEqual(['done', 'Never mind.']);
  });

  test('that fail are what the run comes to where the agent passes them on', async () => {
    await using house = await createHouse({ agents: [worker, sayer('never')] });
    const refuse = () => Promise.reject(httpError(400, 'No.'));
    const customFlow = flow(sequence(agent('worker'), agent('never')));
    const { outcome, text } = await record(house.run(scriptedModel([{ at: { 0: refuse } }]), { customFlow }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'model-error', error: { code: 'model-error' } });
    expect(text).toBe('');
  });

  test('whose sandbox cannot be opened end the run as they do for the built-in agent', async () => {
    await using house = await createHouse({ agents: [worker] });
    const needy = managerOf({ ...echoTool(), sandbox: 'needed' });
    const ends = [];
    for (const key of ['worker', 'simple']) {
      const run = house.run(scriptedModel([echo('a')]), {
        customFlow: flow(agent(key)),
        toolManager: needy,
        sandboxAgentWorkspace: '/dev/null/nowhere',
      });
      const { outcome } = await record(run);
      ends.push([outcome.reason, outcome.error?.code]);
    }
    expect(ends).toEqual([
      ['sandbox-error', 'sandbox-error'],
      ['sandbox-error', 'sandbox-error'],
    ]);
  });
});

test('an agent may stand in a branch that is chosen', async () => {
  await using house = await createHouse({ agents: [sayer('yes'), sayer('no')] });
  const root = sequence(either('always_true', agent('yes'), agent('no')), either('always_false', agent('yes')));
  const { text } = await record(house.run(scriptedModel([]), { customFlow: flow(root) }));
  expect(text).toBe('yes');
});
