import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { MessageChunk } from '../../../src/index.ts';
import { record } from '../../../src/testing/index.ts';
import { conversations } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { delegateTo, fibre, finish, resultsOf, subAgents, teamOf, watch } from './team.ts';

const customSubAgents = subAgents('Ann', 'Bob', 'Cid');

/** Opens when so many have come to it. */
function barrier(count: number): () => Promise<void> {
  const all = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    if ((come += 1) === count) all.resolve();
    return all.promise;
  };
}

test('"Hello" in fibre is exactly one model call', async () => {
  await using house = await createHouse();
  const team = teamOf({ lead: ['Hi'] });
  const { text, outcome } = await record(house.run(team, { ...fibre, customSubAgents }));
  expect([text, outcome.reason, outcome.usage.calls]).toEqual(['Hi', 'done', 1]);
});

describe('a delegation', () => {
  test('has three children stream side by side, each under its own id and name, in one order of numbers', async () => {
    await using house = await createHouse();
    const all = barrier(3);
    const says = (name: string) => [{ text: [`${name}1 `, `${name}2`], at: { 1: all } }];
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob', 'Cid'), 'All done.'],
      Ann: says('a'),
      Bob: says('b'),
      Cid: says('c'),
    });
    const { chunks, messages, outcome, text } = await record(house.run(team, { ...fibre, customSubAgents }));
    team.assertSpent();
    expect(outcome).toMatchObject({ status: 'completed', reason: 'done', usage: { calls: 5 }, abandonedTools: [] });
    // What the children said is not what the user is answered.
    expect(text).toBe('All done.');
    const results = resultsOf(messages);
    expect(results.map(({ status, result }) => [status, result])).toEqual([
      ['completed', 'a1 a2'],
      ['completed', 'b1 b2'],
      ['completed', 'c1 c2'],
    ]);
    const spoken = chunks.filter(({ content, role }) => role === 'assistant' && content);
    expect(
      spoken
        .slice(0, 6)
        .map(({ session_id, agent_name }) => `${agent_name} in ${session_id}`)
        .toSorted(),
    ).toEqual(
      results.flatMap(({ agent_id, session_id }) => [`${agent_id} in ${session_id}`, `${agent_id} in ${session_id}`]),
    );
    // Nobody has ended before all have begun.
    expect(new Set(spoken.slice(0, 3).map(({ content }) => content))).toEqual(new Set(['a1 ', 'b1 ', 'c1 ']));
    expect(chunks.every(({ seq }, place) => place === 0 || seq > (chunks[place - 1] as MessageChunk).seq)).toBe(true);
  });

  test('is followed, and stored, as its reader saw it', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann', 'Bob'), 'Done.'], Ann: [finish('a')], Bob: ['b'] });
    const run = house.run(team, { ...fibre, customSubAgents });
    const begun = run.next();
    const followed = (async () => {
      await begun;
      const chunks: MessageChunk[] = [];
      for await (const batch of house.agent.followSession('s')) chunks.push(...batch);
      return chunks;
    })();
    const first = (await begun).value as MessageChunk[];
    const { chunks } = await record(run);
    const seen = [...first, ...chunks];
    const [input, ...rest] = await followed;
    expect(input).toMatchObject({ role: 'user', content: 'Hello', session_id: 's' });
    expect(rest).toEqual(seen);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(stored.chunks.slice(1)).toEqual(seen);
  });

  test('gives results in task order, whichever ends first', async () => {
    await using house = await createHouse();
    const others = Promise.withResolvers<void>();
    const team = teamOf({
      lead: [delegateTo('Ann', 'Bob', 'Cid'), 'Done.'],
      Ann: [{ text: 'a', at: { 0: () => others.promise } }],
      Bob: ['b'],
      Cid: [finish('c')],
    });
    let ended = 0;
    const { messages } = await watch(house.run(team, { ...fibre, customSubAgents }), ({ message_type }) => {
      if (message_type === 'token_usage' && (ended += 1) === 2) others.resolve();
    });
    expect(resultsOf(messages).map(({ result }) => result)).toEqual(['a', 'b', 'c']);
  });

  test('has so many work at once as limits.maxChildrenAtOnce lets it, and the others after them', async () => {
    await using house = await createHouse();
    let [working, most] = [0, 0];
    const works = async () => {
      most = Math.max(most, (working += 1));
      for (let round = 0; round < 20; round += 1) await turn();
      working -= 1;
      return 'Done.';
    };
    const names = ['Ann', 'Ann', 'Ann', 'Ann', 'Ann'];
    const team = teamOf({ lead: [delegateTo(...names), 'Done.'], Ann: names.map(() => works) });
    const limits = { maxChildrenAtOnce: 2 };
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents, limits }));
    expect(most).toBe(2);
    const results = resultsOf(messages);
    expect(results.map(({ status }) => status)).toEqual(names.map(() => 'completed'));
    expect(new Set(results.map(({ session_id }) => session_id)).size).toBe(5);
  });

  test('is shown to its model as one result, with what the user reads put together by it', async () => {
    await using house = await createHouse();
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ann says a.'], Ann: [finish('a')] });
    const { messages } = await record(house.run(team, { ...fibre, customSubAgents }));
    const [told] = resultsOf(messages);
    expect(told).toEqual({
      task_name: 'for Ann',
      agent_id: 'Ann',
      session_id: expect.any(String),
      status: 'completed',
      result: 'a',
    });
    const [, second = []] = conversations({ requests: team.requestsOf('lead') });
    expect(second.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(second.at(-1)?.content).toBe(JSON.stringify({ results: [told] }));
  });
});
