import { describe, expect, test } from 'vitest';
import type { AgentDefinition, RunOutcome } from '../../../src/index.ts';
import { record, scriptedModel, type ScriptedModel } from '../../../src/testing/index.ts';
import { conversations, expectPaired, texts } from '../../support/guidance.ts';
import { crashAfter } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { askByName, nameIn } from './ask-by-name.ts';
import { agent, doer, flow, loop, named, parallel, sayer, sequence, simple } from './nodes.ts';

const inject = (house: TestHouse, content = 'Be quick', guidanceId = 'g') =>
  house.agent.injectUserMessage('s', content, { guidanceId });

describe('guidance is taken by whichever agent calls its model next', () => {
  test('the next node, when the last has said its all', async () => {
    await using house = await createHouse({ agents: [sayer('pause')] });
    const model = scriptedModel([{ text: 'Ann says', at: { 1: () => inject(house) } }, 'Bob says']);
    const root = sequence(named('ann'), agent('pause'), named('bob'));
    const { outcome } = await record(house.run(model, { sessionId: 's', customFlow: flow(root) }));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(model.requests.map(nameIn)).toEqual(['ann', 'bob']);
    expect(texts(conversations(model)[1])).toEqual(['Hello', 'Ann says', 'pause', 'Be quick']);
  });

  test('a sibling, while another is in the middle of its answer', async () => {
    await using house = await createHouse();
    const bobIsDone = Promise.withResolvers<void>();
    const { model, requestsOf } = askByName({
      ann: [{ text: ['Ann ', 'says'], at: { 1: () => bobIsDone.promise } }],
      bob: [
        { ...echo('b'), at: { 1: () => inject(house) } },
        { text: 'Bob says', at: { 1: () => bobIsDone.resolve() } },
      ],
    });
    const root = parallel([named('ann'), named('bob')]);
    const more = { sessionId: 's', customFlow: flow(root), toolManager: managerOf(echoTool()) };
    const { outcome } = await record(house.run(model, more));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    const [conversation] = conversations({ requests: requestsOf('bob').slice(1) });
    expectPaired(conversation ?? []);
    expect(texts(conversation).at(-1)).toBe('Be quick');
    expect(requestsOf('ann')).toHaveLength(1);
  });

  test('a host’s own agent, at its step', async () => {
    const steps: AgentDefinition = {
      key: 'steps',
      async *run({ step }) {
        const outcome = yield* step();
        return outcome.type === 'acted' ? { type: 'done' } : outcome;
      },
    };
    await using house = await createHouse({ agents: [steps, doer('told', () => inject(house))] });
    const model = scriptedModel(['Yes']);
    const more = { sessionId: 's', customFlow: flow(sequence(agent('told'), agent('steps'))) };
    const { outcome } = await record(house.run(model, more));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model)[0])).toEqual(['Hello', 'Be quick']);
  });
});

describe('guidance too late for the flow', () => {
  const late = (house: TestHouse) => ({ text: 'That is all', at: { 1: () => inject(house) } });

  test('is answered by the agent that called its model last, alone, set up as its node is', async () => {
    await using house = await createHouse({ agents: [sayer('after')] });
    const model = scriptedModel(['Ann says', late(house), 'Quick, then']);
    const bob = named('bob', { model_config: { model: 'other' }, available_tools: ['echo'] });
    const root = sequence(named('ann'), loop('always_true', bob, 1), agent('after'));
    const more = {
      sessionId: 's',
      customFlow: flow(root),
      toolManager: managerOf(echoTool(), { ...echoTool(), name: 'b' }),
    };
    const { outcome, text } = await record(house.run(model, more));
    // Nobody calls a model after it, so it is too late for the flow, though the flow had not ended.
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(text).toBe('Ann saysThat is allafterQuick, then');
    expect(model.requests.map((request) => [nameIn(request), request.model, request.tools?.length])).toEqual([
      ['ann', 'test-model', 2],
      ['bob', 'other', 1],
      ['bob', 'other', 1],
    ]);
    const paths = (await house.agent.getTrace('s'))?.steps.map(({ path, outcome: end }) => [path, end]);
    expect(paths?.slice(-2)).toEqual([
      ['root/steps/2', 'done'],
      ['guidance/1', 'done'],
    ]);
  });

  test('is answered as often as more of it comes', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      late(house),
      { text: 'Quick', at: { 1: () => inject(house, 'Quicker', 'g2') } },
      'Quicker',
    ]);
    const { outcome } = await record(house.run(model, { sessionId: 's', customFlow: flow(sequence(simple())) }));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(texts(conversations(model).at(-1)).slice(-3)).toEqual(['Be quick', 'Quick', 'Quicker']);
    expect(await pathsOf(house)).toEqual(['root', 'root/steps/0', 'guidance/1', 'guidance/2']);
  });

  test('stays pending where no steps are left', async () => {
    await using house = await createHouse();
    const more = { sessionId: 's', customFlow: flow(sequence(simple())), maxLoopCount: 1 };
    const { outcome } = await record(house.run(scriptedModel([late(house)]), more));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: ['g'] });
  });

  test('stays pending where no tokens are left', async () => {
    await using house = await createHouse();
    const usage = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 };
    const model = scriptedModel([{ ...late(house), usage }]);
    const more = { sessionId: 's', customFlow: flow(simple()), limits: { maxTokens: 100 } };
    expect((await record(house.run(model, more))).outcome).toMatchObject({ reason: 'done', pendingGuidance: ['g'] });
  });

  test('stays pending where the user’s word is needed first', async () => {
    const asks: AgentDefinition = {
      key: 'asks',
      async *run({ step }) {
        yield* step();
        return { type: 'need-user-input' };
      },
    };
    await using house = await createHouse({ agents: [asks] });
    const run = house.run(scriptedModel([late(house)]), { sessionId: 's', customFlow: flow(agent('asks')) });
    expect((await record(run)).outcome).toMatchObject({ reason: 'need-user-input', pendingGuidance: ['g'] });
  });

  test('stays pending where the agent, run again, does not call its model', async () => {
    let times = 0;
    const once: AgentDefinition = {
      key: 'once',
      async *run({ step, state }) {
        times += 1;
        if (state.get('asked') !== true) yield* step();
        state.set('asked', true);
        return { type: 'done' };
      },
    };
    await using house = await createHouse({ agents: [once] });
    const run = house.run(scriptedModel([late(house)]), { sessionId: 's', customFlow: flow(agent('once')) });
    expect((await record(run)).outcome).toMatchObject({ reason: 'done', pendingGuidance: ['g'] });
    expect(times).toBe(2);
  });

  test('is answered by the same agent after a crash in the middle of that', async () => {
    await using house = await createHouse();
    const customFlow = flow(sequence(named('ann'), named('bob')));
    await record(house.run(scriptedModel(['Ann says', late(house), 'Quick']), { sessionId: 's', customFlow }));
    crashAfter(house.root, 's', (entry) => entry.type === 'model_called' && entry.node === 'guidance/1');
    const model = scriptedModel(['Quick, then']);
    const options = house.options(model, { sessionId: 's', customFlow, inputMessages: [] });
    const { outcome } = await record(house.restart().runStream(options));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(model.requests.map(nameIn)).toEqual(['bob']);
    expect(texts(conversations(model)[0]).at(-1)).toBe('Be quick');
  });
});

describe('guidance for a flow that never calls a model', () => {
  const told = (house: () => TestHouse) => doer('told', () => inject(house()));

  test('stays pending, is named, and is delivered by the next run', async () => {
    await using house: TestHouse = await createHouse({ agents: [told(() => house), sayer('after')] });
    const customFlow = flow(sequence(agent('told'), agent('after')));
    const { outcome } = await record(house.run(scriptedModel([]), { sessionId: 's', customFlow }));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: ['g'] } satisfies Partial<RunOutcome>);
    const model = scriptedModel(['Quick, then']);
    const next = await record(house.run(model, { sessionId: 's', inputMessages: [] }));
    expect(next.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(lastOf(model)).toBe('Be quick');
  });
});

function lastOf(model: ScriptedModel): string | undefined {
  return texts(conversations(model).at(-1)).at(-1);
}

async function pathsOf(house: TestHouse): Promise<string[] | undefined> {
  return (await house.agent.getTrace('s'))?.steps.map(({ path }) => path);
}
