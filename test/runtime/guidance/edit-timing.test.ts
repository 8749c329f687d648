import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';

/** A run that stands in the middle of its only answer, with "a" and "b" pending. */
async function withPending(house: TestHouse) {
  const run = house.run(scriptedModel([{ text: ['I ', 'am done'] }]), { sessionId: 's', maxLoopCount: 1 });
  await run.next();
  for (const guidanceId of ['a', 'b']) await house.agent.injectUserMessage('s', `Say ${guidanceId}`, { guidanceId });
  return run;
}

/** Both edits at once. */
const edit = ({ agent }: TestHouse) =>
  Promise.all([agent.deletePendingUserInjection('s', 'a'), agent.updatePendingUserInjection('s', 'b', 'Say B')]);

const wait = async (turns: number) => {
  for (let left = turns; left > 0; left -= 1) await turn();
};

const turns = [0, 1, 2, 3, 5, 8, 13];

describe('edits', () => {
  test.each(turns)('%i turns after a run began to close are taken', async (late) => {
    await using house = await createHouse();
    const run = await withPending(house);
    const leaving = run.return();
    await wait(late);
    expect(await edit(house)).toEqual([true, true]);
    await leaving;
    expect(await house.agent.listPendingUserInjections('s')).toMatchObject([{ guidance_id: 'b', content: 'Say B' }]);
  });

  test.each(turns)('of a session at rest do not refuse a run that begins %i turns later', async (late) => {
    await using house = await createHouse();
    await (await withPending(house)).return();
    const editing = edit(house);
    await wait(late);
    const model = scriptedModel(['Hi']);
    const run = house.run(model, { sessionId: 's' });
    for await (const _ of run);
    const [isDeleted, isUpdated] = await editing;
    const asked = texts(conversations(model)[0]).slice(2);
    expect(asked).toEqual(['Hello', ...(isDeleted ? [] : ['Say a']), isUpdated ? 'Say B' : 'Say b']);
  });

  test.each(turns)('%i turns after a run began are taken, or it has taken the guidance', async (late) => {
    await using house = await createHouse();
    using strays = watchStrays();
    await (await withPending(house)).return();
    const model = scriptedModel(['Hi']);
    const run = house.run(model, { sessionId: 's' });
    const first = run.next();
    await wait(late);
    const [isDeleted, isUpdated] = await edit(house);
    await first;
    for await (const _ of run);
    const asked = texts(conversations(model)[0]).slice(2);
    expect(asked).toEqual(['Hello', ...(isDeleted ? [] : ['Say a']), isUpdated ? 'Say B' : 'Say b']);
    expect(await strays.look()).toEqual(nothing);
  });

  test('all through the closing of a run are all taken, in order', async () => {
    await using house = await createHouse();
    const run = await withPending(house);
    const edits: Promise<boolean>[] = [];
    let hasEnded = false;
    const leaving = run.return().finally(() => (hasEnded = true));
    for (let number = 0; !hasEnded && number < 120; number += 1) {
      edits.push(house.agent.updatePendingUserInjection('s', 'b', `Say ${number}`));
      // Between the ticks of one turn, and between turns.
      await (number % 4 === 0 ? turn() : undefined);
    }
    await leaving;
    expect(new Set(await Promise.all(edits))).toEqual(new Set([true]));
    const [, last] = await house.agent.listPendingUserInjections('s');
    expect(last?.content).toBe(`Say ${edits.length - 1}`);
  });

  test('of a session another agent runs are refused with its name', async () => {
    await using house = await createHouse();
    const run = await withPending(house);
    const refused = { code: 'session-not-live', facts: { sessionId: 's', owner: expect.any(String) } };
    const beside = house.restart();
    await expect(beside.deletePendingUserInjection('s', 'a')).rejects.toMatchObject(refused);
    expect(await beside.deletePendingUserInjection('s', 'nobody')).toBe(false);
    await run.return();
    expect(await beside.deletePendingUserInjection('s', 'a')).toBe(true);
  });
});
