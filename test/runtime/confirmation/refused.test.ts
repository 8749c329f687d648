import { describe, expect, test } from 'vitest';
import type { ConfirmationAnswer, SAgent } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { handClock, minutes, no, pay, payTool, readAsked, refusedAs, told, yes } from '../../support/asking.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

function payingRun(house: TestHouse, paid: string[], more: object = {}) {
  return house.run(scriptedModel([{ toolCalls: [pay('bob')] }, 'Done.']), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
    ...more,
  });
}

describe('an answer is refused', () => {
  test('where there is one already, whatever either says', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    await readAsked(payingRun(house, paid), async ({ confirmation_id: id }) => {
      const answers = [no, yes, yes].map((answer) => house.agent.answerConfirmation('s', id, answer));
      const [first, ...others] = await Promise.allSettled(answers);
      expect(first?.status).toBe('fulfilled');
      for (const other of others)
        expect(other).toMatchObject({ status: 'rejected', reason: { facts: { why: 'answered' } } });
    });
    expect(paid).toEqual([]);
  });

  test('under an id nobody is asked under, and in a session nobody knows', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), { sessionId: 'other' }));
    await readAsked(payingRun(house, []), async ({ confirmation_id: id }) => {
      for (const [sessionId, given] of [
        ['s', 'unknown'],
        ['other', id],
        ['nowhere', id],
      ] as const)
        await expect(house.agent.answerConfirmation(sessionId, given, yes)).rejects.toMatchObject(refusedAs('unknown'));
      await house.agent.answerConfirmation('s', id, no);
    });
  });

  test('from another tenant, to whom there is no such question', async () => {
    await using house = await createHouse();
    await readAsked(payingRun(house, [], { tenantId: 'a' }), async ({ confirmation_id: id }) => {
      const other = house.agent.forTenant('b');
      expect(await other.listPendingConfirmations('s')).toEqual([]);
      await expect(other.answerConfirmation('s', id, yes)).rejects.toMatchObject(refusedAs('unknown'));
      await house.agent.forTenant('a').answerConfirmation('s', id, no);
    });
  });

  test('once the run has ended', async () => {
    await using house = await createHouse();
    const ids: string[] = [];
    await readAsked(payingRun(house, []), async ({ confirmation_id: id }) => {
      ids.push(id);
      void house.agent.interruptSession('s');
    });
    await expect(house.agent.answerConfirmation('s', ids[0] ?? '', yes)).rejects.toMatchObject(refusedAs('answered'));
  });

  test.each<[string, unknown]>([
    ['decision', { by: 'anna' }],
    ['decision', { decision: 'allow', by: 'anna' }],
    ['by', { decision: 'deny' }],
    ['by', { decision: 'deny', by: '' }],
    ['digest', { ...yes, digest: 7 }],
    ['arguments', { ...yes, arguments: { amount: 1n } }],
    ['arguments', { ...yes, arguments: () => 1 }],
    ['answer', { ...yes, answer: Symbol('a') }],
    ['reason', { ...yes, reason: 'Because.' }],
    ['answer', null],
  ])('at once where it is no answer: %s of %o', async (what, answer) => {
    await using house = await createHouse();
    const given = house.agent.answerConfirmation('s', 'id', answer as ConfirmationAnswer);
    await expect(given).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(what) });
  });
});

describe('a question that nobody answers', () => {
  /** Pulls once more when the question is shown, with 5 ms of its time left. */
  async function letExpire(house: TestHouse, pass: (ms: number) => void, answer: (agent: SAgent) => unknown) {
    const run = payingRun(house, []);
    await readAsked(run, () => pass(30 * minutes - 5));
    await answer(house.agent);
    return told((await readSession(house.root, 's')).messages);
  }

  test('expires after half an hour, and the model is told', async () => {
    const { clock, pass } = handClock();
    await using house = await createHouse({ clock });
    const results = await letExpire(house, pass, async (agent) => {
      expect(await agent.listPendingConfirmations('s')).toEqual([]);
    });
    expect(results).toEqual(['Tool "pay" was not run. Nobody has answered in time.']);
  });

  test('cannot be answered from then on, also before anybody has noticed', async () => {
    const { clock, pass } = handClock();
    await using house = await createHouse({ clock });
    await readAsked(payingRun(house, []), async ({ confirmation_id: id }) => {
      pass(30 * minutes);
      expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
      await expect(house.agent.answerConfirmation('s', id, yes)).rejects.toMatchObject(refusedAs('expired'));
    });
    expect(told((await readSession(house.root, 's')).messages)).toEqual([expect.stringContaining('in time')]);
  });

  test('stands until its last moment', async () => {
    const { clock, pass } = handClock();
    await using house = await createHouse({ clock });
    const paid: string[] = [];
    await readAsked(payingRun(house, paid), async ({ confirmation_id: id }) => {
      pass(30 * minutes - 1);
      await house.agent.answerConfirmation('s', id, yes);
    });
    expect(paid).toEqual(['bob 1']);
  });
});
