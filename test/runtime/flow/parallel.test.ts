import { describe, expect, test } from 'vitest';
import { textOf, type AgentDefinition, type MessageChunk } from '../../../src/index.ts';
import { record, stall } from '../../../src/testing/index.ts';
import { conversations, expectPaired } from '../../support/guidance.ts';
import { callStatuses, expectAtRestSideBySide, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { askByName } from './ask-by-name.ts';
import { agent, flow, named, parallel, sequence } from './nodes.ts';

describe('agents side by side', () => {
  test('are read live, in the order they speak', async () => {
    await using house = await createHouse();
    const annSaid = Promise.withResolvers<void>();
    const bobSaid = Promise.withResolvers<void>();
    const { model } = askByName({
      ann: [{ text: ['a1 ', 'a2 ', 'a3'], at: { 2: () => bobSaid.promise } }],
      bob: [{ text: ['b1 ', 'b2'], at: { 0: () => annSaid.promise } }],
    });
    const seen: string[] = [];
    for await (const batch of house.run(model, { customFlow: flow(parallel([named('ann'), named('bob')])) })) {
      seen.push(...spoken(batch));
      if (seen.at(-1) === 'a2 ') annSaid.resolve();
      if (seen.at(-1) === 'b2') bobSaid.resolve();
    }
    expect(seen).toEqual(['a1 ', 'a2 ', 'b1 ', 'b2', 'a3']);
  });

  test('number their chunks in the order they are seen, each message under its own id', async () => {
    await using house = await createHouse();
    const { model } = askByName({ ann: [{ text: ['a1', 'a2'] }], bob: [{ text: ['b1', 'b2'] }] });
    const run = house.run(model, { sessionId: 's', customFlow: flow(parallel([named('ann'), named('bob')])) });
    const { chunks, messages } = await record(run);
    const numbers = chunks.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(messages.map(textOf).toSorted()).toEqual(['', 'a1a2', 'b1b2']);
    expect((await readSession(house.root, 's')).chunks.slice(1)).toEqual(chunks);
  });

  test('call their own tools, and each sees calls and results together', async () => {
    await using house = await createHouse();
    const bobHasCalled = Promise.withResolvers<void>();
    const { model, requestsOf } = askByName({
      ann: [{ ...echo('a'), at: { 1: () => bobHasCalled.promise } }, 'Ann is done'],
      bob: [echo('b'), { text: 'Bob is done', at: { 0: () => bobHasCalled.resolve() } }],
    });
    const root = parallel([
      named('ann', { available_tools: ['echo'] }),
      named('bob', { available_tools: ['echo', 'shout'] }),
    ]);
    const shout = { ...echoTool(), name: 'shout' };
    const run = house.run(model, { sessionId: 's', customFlow: flow(root), toolManager: managerOf(echoTool(), shout) });
    expect((await record(run)).outcome).toMatchObject({ reason: 'done' });
    const stored = await readSession(house.root, 's');
    expectAtRestSideBySide(stored);
    expect(callStatuses(stored)).toEqual(['success', 'success']);
    const requests = [...requestsOf('ann'), ...requestsOf('bob')];
    for (const conversation of conversations({ requests })) expectPaired(conversation);
    expect(requestsOf('ann').map(({ tools }) => tools?.length)).toEqual([1, 1]);
    expect(requestsOf('bob').map(({ tools }) => tools?.length)).toEqual([2, 2]);
  });

  test('share the steps of the run', async () => {
    await using house = await createHouse();
    const { model, requestsOf } = askByName({ ann: [echo('a'), echo('a')], bob: [echo('b'), echo('b')] });
    const more = { customFlow: flow(parallel([named('ann'), named('bob')])), toolManager: managerOf(echoTool()) };
    const { outcome } = await record(house.run(model, { ...more, sessionId: 's', maxLoopCount: 3 }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'max-loops' });
    expect(requestsOf('ann').length + requestsOf('bob').length).toBe(3);
    expectAtRestSideBySide(await readSession(house.root, 's'));
  });

  test('one at a time, with max_concurrency 1, in the order of the branches', async () => {
    await using house = await createHouse();
    const { model } = askByName({ ann: [{ text: ['a1', 'a2'] }], bob: [{ text: ['b1', 'b2'] }], cid: ['c'] });
    const root = parallel([named('ann'), named('bob'), named('cid')], 1);
    const { chunks } = await record(house.run(model, { customFlow: flow(root) }));
    expect(spoken(chunks)).toEqual(['a1', 'a2', 'b1', 'b2', 'c']);
  });

  test('two at a time, with max_concurrency 2: the third begins when one of them is done', async () => {
    let running = 0;
    const counts: number[] = [];
    const counter: AgentDefinition = {
      key: 'counter',
      async *run({ add, agentConfig }) {
        counts.push((running += 1));
        yield add({ role: 'assistant', content: String(agentConfig['n']) });
        running -= 1;
        return { type: 'done' };
      },
    };
    await using house = await createHouse({ agents: [counter] });
    const { model } = askByName({});
    const branches = [1, 2, 3, 4, 5].map((n) => agent('counter', { n }));
    const { chunks } = await record(house.run(model, { customFlow: flow(parallel(branches, 2)) }));
    expect(spoken(chunks).toSorted()).toEqual(['1', '2', '3', '4', '5']);
    expect(Math.max(...counts)).toBe(2);
  });

  test('are followed by what comes after all of them', async () => {
    await using house = await createHouse();
    const { model, requestsOf } = askByName({ ann: ['a'], bob: ['b'], cid: ['c'] });
    const root = sequence(parallel([named('ann'), named('bob')]), named('cid'));
    await record(house.run(model, { customFlow: flow(root) }));
    const said = conversations({ requests: requestsOf('cid') })[0]?.map(({ content }) => content);
    expect(said?.slice(1).toSorted()).toEqual(['a', 'b']);
  });

  test('of which one stands still go on without it', async () => {
    await using house = await createHouse();
    const controller = new AbortController();
    const { model } = askByName({
      ann: [{ text: ['a1', 'never'], at: { 1: stall } }],
      bob: [echo('b'), { text: ['b1', 'b2'] }],
    });
    const run = house.run(model, {
      sessionId: 's',
      customFlow: flow(parallel([named('ann'), named('bob')])),
      toolManager: managerOf(echoTool()),
      signal: controller.signal,
    });
    const seen: string[] = [];
    for await (const batch of run) {
      seen.push(...spoken(batch));
      if (seen.includes('b2')) controller.abort();
    }
    expect(seen).toEqual(['a1', 'b1', 'b2']);
    expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'aborted' });
    expectAtRestSideBySide(await readSession(house.root, 's'));
  });
});

/** What assistants say, piece by piece. */
function spoken(chunks: readonly MessageChunk[]): string[] {
  return chunks.flatMap((chunk) =>
    chunk.role === 'assistant' && chunk.message_type === 'assistant_text' && textOf(chunk) !== ''
      ? [textOf(chunk)]
      : [],
  );
}
