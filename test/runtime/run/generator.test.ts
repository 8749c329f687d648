import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { scriptedModel, stall } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { watchModel } from '../../support/watch-model.ts';

describe('return() before the first next()', () => {
  test('ends the run without a trace', async () => {
    await using house = await createHouse();
    const model = scriptedModel([]);
    const run = house.run(model, { sessionId: 's' });
    const end = await run.return();
    expect(end).toMatchObject({ done: true, value: { status: 'interrupted', reason: 'reader-gone', phase: 'start' } });
    expect(await run.outcome).toEqual(end.value);
    expect(await run.next()).toEqual(end);
    expect(model.requests).toEqual([]);
    await expect(readdir(house.root)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('leaves the session to others', async () => {
    await using house = await createHouse();
    await house.run(scriptedModel([]), { sessionId: 's' }).return();
    expect(house.agent.listActiveSessions()).toEqual([]);
    expect(await house.agent.getSessionStatus('s')).toBeUndefined();
    const run = house.run(scriptedModel(['Hi']), { sessionId: 's' });
    for await (const _ of run);
    expect(await run.outcome).toMatchObject({ reason: 'done' });
  });
});

test('calls of next() that come together are answered in order', async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel([{ text: ['a', 'b', 'c'] }]));
  const turns = await Promise.all(Array.from({ length: 7 }, () => run.next()));
  const texts = turns.flatMap(({ done, value }) => (done ? [] : value.map(({ content }) => content)));
  expect(texts).toEqual(['a', 'b', 'c', undefined, '']);
  expect(turns.map(({ done }) => done)).toEqual([false, false, false, false, false, true, true]);
});

test('return() frees a next() that hangs', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const model = watchModel(scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]));
  const run = house.run(model, { sessionId: 's' });
  await run.next();
  const hanging = run.next();
  const end = await run.return();
  expect(end).toMatchObject({ done: true, value: { reason: 'reader-gone' } });
  expect((await hanging).done).toBe(false);
  expect(await run.next()).toEqual(end);
  expect(model.open).toBe(0);
  expectAtRest(await readSession(house.root, 's'));
  expect(await strays.look()).toEqual(nothing);
});

test("throw() is a reader's way of leaving", async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
  await run.next();
  expect(await run.throw()).toMatchObject({ done: true, value: { reason: 'reader-gone' } });
  expectAtRest(await readSession(house.root, 's'));
});

test("a reader's own error ends the run, and is the reader's to handle", async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 's' });
  const read = async () => {
    for await (const _ of run) throw new Error('mine');
  };
  await expect(read()).rejects.toThrow('mine');
  expect(await run.outcome).toMatchObject({ reason: 'reader-gone' });
});

test('a run is let go of where its scope ends', async () => {
  await using house = await createHouse();
  let outcome: Promise<unknown>;
  {
    await using run = house.run(scriptedModel([{ text: ['a', 'b'] }]));
    await run.next();
    outcome = run.outcome;
  }
  expect(await outcome).toMatchObject({ reason: 'reader-gone' });
});

test('after its end a run only repeats its outcome', async () => {
  await using house = await createHouse();
  const run = house.run(scriptedModel(['Hi']));
  for await (const _ of run);
  const end = { done: true, value: await run.outcome };
  expect(await run.next()).toEqual(end);
  expect(await run.return()).toEqual(end);
  expect(end.value).toMatchObject({ reason: 'done' });
});
