import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type Run } from '../../../src/index.ts';
import { record, stall } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { expectTreeAtRest, readTree } from '../../support/tree.ts';
import { call, deafTool, managerOf } from '../../support/tools.ts';
import { delegate, delegateTo, fibre, finish, resultsOf, subAgent, subAgents, teamOf, watch } from './team.ts';

const many = Array.from({ length: 1_000 }, (_, number) => `${number} `);

/** Reads until somebody says this, and lets all who can go on as far as they can without a reader. */
async function readUntil(run: Run, text: string): Promise<void> {
  for (;;) {
    const { value, done } = await run.next();
    if (done) return;
    if (value.some(({ content }) => content === text)) break;
  }
  for (let round = 0; round < 10; round += 1) await turn();
}

async function childOf(house: TestHouse, agent: string): Promise<string> {
  const children = (await house.agent.listChildren('s')) ?? [];
  return children.find(({ agentId }) => agentId === agent)?.sessionId ?? '';
}

describe('a child that is interrupted while nobody reads', () => {
  test.each([
    ['parked', { text: many }],
    ['waiting for its model', { text: ['0 ', '1 '], at: { 1: stall } }],
  ])('(%s) ends at once, and its run goes on with the next turn of the reader', async (_, answer) => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [answer] });
    const run = house.run(team, { ...fibre, customSubAgents: subAgents('Ann') });
    await readUntil(run, '0 ');
    const ann = await childOf(house, 'Ann');
    expect(await house.agent.interruptSession(ann, 'enough')).toBe(true);
    expect(await house.agent.getSessionStatus(ann)).toBe('interrupted');
    expect(await house.agent.getSessionStatus('s')).toBe('running');
    const { messages, text, outcome } = await record(run);
    expect(resultsOf(messages)).toMatchObject([{ status: 'interrupted', error: 'It was stopped: enough.' }]);
    expect(text).toContain('Ok.');
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
    expect(await house.agent.interruptSession(ann)).toBe(false);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('takes with it those that work for it, also where they are parked, and nobody else', async () => {
    await using house = await createHouse();
    const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), ...subAgents('Bob', 'Cid')];
    const stopped = Promise.withResolvers<void>();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Cid'), 'Ok.'],
      Ann: [delegateTo('Bob')],
      Bob: [{ text: many }],
      Cid: [{ text: 'c', at: { 0: () => stopped.promise } }],
    });
    const run = house.run(team, { ...fibre, customSubAgents });
    let bob = 0;
    while (bob < 2) {
      const { value } = await run.next();
      bob += (value as readonly { agent_name?: string }[]).filter(({ agent_name }) => agent_name === 'Bob').length;
    }
    await turn();
    expect(await house.agent.interruptSession(await childOf(house, 'Ann'), 'enough')).toBe(true);
    const statuses = async () =>
      (await house.agent.listChildren('s'))?.map(({ agentId, status }) => `${agentId} ${status}`);
    expect(await statuses()).toEqual(['Ann interrupted', 'Cid running', 'Bob interrupted']);
    stopped.resolve();
    const { messages } = await record(run);
    expect(await statuses()).toEqual(['Ann interrupted', 'Cid completed', 'Bob interrupted']);
    expect(resultsOf(messages)).toMatchObject([{ agent_id: 'Ann', status: 'interrupted' }, { status: 'completed' }]);
    expectAtRest(await readSession(house.root, 's'));
  });
});

describe('a child that was interrupted', () => {
  test('can be gone on with, and finds what it had said', async () => {
    await using house = await createHouse();
    const child = Promise.withResolvers<string>();
    const team = teamOf({
      lead: [
        delegateTo('Ann'),
        async () => delegate({ agent_id: 'Ann', content: 'Go on.', session_id: await child.promise }),
        'Ok.',
      ],
      Ann: [{ text: ['I am ', 'here'], at: { 1: stall } }, finish('There.')],
    });
    const run = house.run(team, { ...fibre, customSubAgents: subAgents('Ann') });
    const { messages } = await watch(run, ({ content, session_id }) => {
      if (content !== 'I am ') return;
      child.resolve(session_id);
      void house.agent.interruptSession(session_id);
    });
    expect(resultsOf(messages).map(({ status }) => status)).toEqual(['interrupted', 'completed']);
    expect(texts(conversations({ requests: team.requestsOf('Ann') })[1])).toEqual([
      '# for Ann\n\nDo it, Ann!',
      'I am ',
      '# for Ann\n\nGo on.',
    ]);
  });

  test('while a tool of it is deaf ends without it; the run goes on, and names the tool in its outcome', async () => {
    await using house = await createHouse();
    const started = Promise.withResolvers<void>();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [call('deaf')] });
    const toolManager = managerOf(deafTool(() => started.resolve()));
    const run = house.run(team, { ...fibre, customSubAgents: subAgents('Ann'), toolManager });
    const recorded = record(run);
    await started.promise;
    expect(await house.agent.interruptSession(await childOf(house, 'Ann'))).toBe(true);
    const { messages, outcome } = await recorded;
    expect(resultsOf(messages)).toMatchObject([{ status: 'interrupted', error: 'It was stopped.' }]);
    expect(outcome).toMatchObject({ reason: 'done', abandonedTools: ['deaf'] });
  });
});

test('a child that hangs where nothing can stop it is left behind with the one it works for, and nobody else', async () => {
  await using house = await createHouse();
  const started = Promise.withResolvers<void>();
  const hanging = defineTool({
    name: 'hang',
    description: 'Is never through with checking its arguments.',
    parameters: z.object({}).refine(() => {
      started.resolve();
      return new Promise<boolean>(() => {});
    }),
    execute: () => 'never',
  });
  const stopped = Promise.withResolvers<void>();
  const team = teamOf({
    lead: [delegateTo('Ann', 'Cid'), 'Ok.'],
    Ann: [delegateTo('Bob')],
    Bob: [call('hang')],
    Cid: [{ text: 'c', at: { 0: () => stopped.promise } }],
  });
  const customSubAgents = [subAgent('Ann', { agent_mode: 'fibre' }), ...subAgents('Bob', 'Cid')];
  const recorded = record(house.run(team, { ...fibre, customSubAgents, toolManager: managerOf(hanging) }));
  await started.promise;
  expect(await house.agent.interruptSession(await childOf(house, 'Ann'), 'enough')).toBe(true);
  stopped.resolve();
  const { messages, text, outcome } = await recorded;
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expect(resultsOf(messages)).toMatchObject([
    { agent_id: 'Ann', status: 'interrupted', error: 'It was stopped: enough.' },
    { agent_id: 'Cid', status: 'completed', result: 'c' },
  ]);
  expect(text).toContain('Ok.');
  expectTreeAtRest(await readTree(house.root, 's'));
});

test('another agent on the same sessions can interrupt a child alone', async () => {
  await using house = await createHouse();
  const team = teamOf({
    lead: [delegateTo('Ann', 'Bob'), 'Ok.'],
    Ann: [{ text: ['I am ', 'here'], at: { 1: stall } }],
    Bob: ['b'],
  });
  const beside = house.restart();
  let told: Promise<boolean> | undefined;
  const run = house.run(team, { ...fibre, customSubAgents: subAgents('Ann', 'Bob') });
  const { messages, outcome } = await watch(run, ({ content, session_id }) => {
    if (content === 'I am ') told = beside.interruptSession(session_id, 'from beside');
  });
  expect(await told).toBe(true);
  expect(resultsOf(messages)).toMatchObject([
    { status: 'interrupted', error: 'It was stopped: from beside.' },
    { status: 'completed', result: 'b' },
  ]);
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
});
