import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record, stall } from '../../../src/testing/index.ts';
import { brokenPrefixes, conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';
import {
  delegate,
  delegateTo,
  fibre,
  finish,
  resultsOf,
  sessionsIn,
  spawn,
  subAgent,
  subAgents,
  teamOf,
  toldOf,
  watch,
} from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob');
const toolManager = managerOf(echoTool());

/** Goes on with the first session the request shows a result of. */
const goOn =
  (agent_id = 'Ann') =>
  (request: ChatRequest) =>
    delegate({ agent_id, task_name: 'Again', content: 'And now?', session_id: sessionsIn(request)[0] ?? '' });

const earlier = ['# for Ann\n\nDo it, Ann!', 'I look.', 'red', '# Again\n\nAnd now?'];

describe('a session that is gone on with', () => {
  test('in the same run sees what it had said, and its requests go on where they ended', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), goOn(), 'Ok.'],
      Ann: [{ text: 'I look.', ...echo('red') }, 'Red.', finish('Still red.')],
    });
    const { messages, outcome } = await record(house.run(team, { ...fibre, customSubAgents, toolManager }));
    team.assertSpent();
    const results = resultsOf(messages);
    expect(results.map(({ result }) => result)).toEqual(['Red.', 'Still red.']);
    expect(results[1]?.session_id).toBe(results[0]?.session_id);
    expect(outcome.usage.calls).toBe(6);
    const requests = team.requestsOf('Ann');
    expect(texts(conversations({ requests })[2])).toEqual([...earlier.slice(0, 3), 'Red.', earlier[3]]);
    expect(brokenPrefixes(requests)).toEqual([]);
    const { entries, state } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'prefix_changed')).toEqual([]);
    expect(state.children).toHaveLength(1);
  });

  const later: [string, (house: TestHouse) => Promise<unknown>][] = [
    ['in a later run', async () => {}],
    ['after cleanupSession', async (house) => await house.agent.cleanupSession('s')],
  ];
  test.each([
    ...later.map(([when, before]) => [when, before, (house: TestHouse) => house.agent] as const),
    ['by another agent', async () => {}, (house: TestHouse) => house.restart()] as const,
  ])('%s sees what it had said, keeps its agent, and begins with the same bytes', async (_, before, agentOf) => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.', goOn('Bob'), goOn(), 'Ok again.'],
      Ann: [{ text: 'I look.', ...echo('red') }, finish('Red.'), finish('Still red.')],
      Bob: [],
    });
    const more = { ...fibre, customSubAgents, toolManager };
    await record(house.run(team, more));
    await before(house);
    const { messages } = await record(agentOf(house).runStream(house.options(team, more)));
    team.assertSpent();
    expect(toldOf(messages)[0]).toMatchObject({ message: expect.stringContaining('belongs to agent "Ann"') });
    expect(resultsOf(messages)).toMatchObject([{ agent_id: 'Ann', status: 'completed', result: 'Still red.' }]);
    const requests = team.requestsOf('Ann');
    expect(texts(conversations({ requests })[2])).toEqual([
      ...earlier.slice(0, 3),
      expect.any(String),
      'Your result has been handed over.',
      earlier[3],
    ]);
    expect(brokenPrefixes(requests)).toEqual([]);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(stored.entries.filter(({ type }) => type === 'prefix_changed')).toEqual([]);
  });

  test('keeps what its tools have kept for it', async () => {
    await using house = await createHouse();
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.', goOn(), 'Ok.'],
      Ann: [spawn('Cid'), finish('a'), delegateTo('cid'), finish('b')],
      Cid: [finish('c')],
    });
    const more = { ...fibre, customSubAgents: [subAgent('Ann', { agent_mode: 'fibre' })] };
    await record(house.run(team, more));
    const { messages } = await record(house.restart().runStream(house.options(team, more)));
    const [ann] = resultsOf(messages);
    expect(ann).toMatchObject({ result: 'b' });
    expect(resultsOf(messages, ann?.session_id)).toMatchObject([{ agent_id: 'cid', result: 'c' }]);
  });

  test('may be one of many that were there, each with its own words', async () => {
    await using house = await createHouse();
    const both = (request: ChatRequest) => {
      const [ann = '', bob = ''] = sessionsIn(request);
      return delegate(
        { agent_id: 'Bob', session_id: bob, content: 'And you?' },
        { agent_id: 'Ann', session_id: ann, content: 'And you?' },
      );
    };
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob'), 'Ok.', both, 'Ok.'],
      Ann: ['I am Ann.', 'Still Ann.'],
      Bob: ['I am Bob.', 'Still Bob.'],
    });
    await record(house.run(team, { ...fibre, customSubAgents }));
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['Still Bob.', 'Still Ann.']);
    for (const name of ['Ann', 'Bob']) {
      expect(texts(conversations({ requests: team.requestsOf(name) })[1])).toEqual([
        `# for ${name}\n\nDo it, ${name}!`,
        `I am ${name}.`,
        `# for ${name}\n\nAnd you?`,
      ]);
    }
  });

  test('whose agent the host gives another prompt now begins anew, which is told in the journal', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.', goOn(), 'Ok.'], Ann: [finish('a')], Bea: [finish('b')] });
    await record(house.run(team, { ...fibre, customSubAgents }));
    const renewed = [subAgent('Ann', { system_prompt: 'You are Bea.' })];
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents: renewed }));
    const [told] = resultsOf(messages);
    expect(told).toMatchObject({ agent_id: 'Ann', result: 'b' });
    const { entries } = await readSession(house.root, 's');
    expect(
      entries.filter((entry) => entry.type === 'prefix_changed' && entry.session_id === told?.session_id),
    ).toMatchObject([{ cause: 'system' }]);
  });
});

test('a session that was named for a task that was never begun begins with the next one', async () => {
  await using house = await createHouse();
  const team = teamOf({
    lead: [
      delegateTo('Ann', 'Bob'),
      (request) => {
        const [ann = '', bob = ''] = sessionsIn(request);
        return delegate({ agent_id: 'Ann', session_id: ann }, { agent_id: 'Bob', session_id: bob });
      },
      'Ok.',
    ],
    Ann: [{ text: ['I am ', 'here'], at: { 1: stall } }, finish('a')],
    Bob: [finish('b')],
  });
  const limits = { maxChildrenAtOnce: 1, maxChildrenPerTree: 2 };
  const run = house.run(team, { ...fibre, customSubAgents, limits });
  await watch(run, ({ content }) => (content === 'I am ' ? void house.agent.interruptSession('s') : undefined));
  const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
  team.assertSpent();
  expect(resultsOf(messages).map(({ agent_id, result }) => [agent_id, result])).toEqual([
    ['Ann', 'a'],
    ['Bob', 'b'],
  ]);
  expect(await house.agent.listChildren('s')).toHaveLength(2);
});

test.each([
  ['left empty', ''],
  ['null', null],
])('a session_id that is %s is none, and so is an original_task', async (_, none) => {
  await using house = await createHouse();
  const task = { agent_id: 'Ann', task_name: 'Look', content: 'Do it!', session_id: none, original_task: none };
  const team = teamOf({ lead: [call('sys_delegate_task', { tasks: [task] }), 'Ok.'], Ann: [finish('a')] });
  const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
  expect(resultsOf(messages)).toMatchObject([{ agent_id: 'Ann', status: 'completed', result: 'a' }]);
  expect(texts(conversations({ requests: team.requestsOf('Ann') })[0])).toEqual(['# Look\n\nDo it!']);
});

test('a session whose agent is not there any more can only be left', async () => {
  await using house = await createHouse();
  const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.', goOn(), 'Ok.'], Ann: [finish('a')] });
  await record(house.run(team, { ...fibre, customSubAgents }));
  const { messages } = await record(house.run(team, { ...fibre, customSubAgents: subAgents('Bob') }));
  const message = expect.stringContaining('there is no agent "Ann". There are: Bob.');
  expect(toldOf(messages)).toMatchObject([{ message }]);
});
