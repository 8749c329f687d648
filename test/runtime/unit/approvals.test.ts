import { describe, expect, test } from 'vitest';
import type { CallToDecide } from '../../../src/agents/permit.ts';
import { Approvals, type ApprovalsDeps } from '../../../src/runtime/confirmation/approvals.ts';
import { defineTool } from '../../../src/tools/tool.ts';
import { begun } from '../../agents/helpers.ts';
import { added, callers, openSession } from '../../session/helpers.ts';
import { nothing, watchStrays } from '../../support/strays.ts';

const tool = defineTool({ name: 'pay', description: 'Pays.', execute: () => {} });
const args = { to: 'bob' };
const call: CallToDecide = { call: ['m', 0], tool, input: args, args };
const yes = { decision: 'allow-once', by: 'anna' } as const;
const never = new AbortController().signal;

/** The approvals of one run, whose model has made a call. */
function createScene(more: Partial<ApprovalsDeps> = {}) {
  const opened = openSession();
  const { session, journal, state } = opened;
  session.append([...begun, added(callers('m', ['pay']))]);
  const approvals = new Approvals({
    journal,
    createId: session.createId,
    now: () => 1_000,
    whenNeeded: 'wait',
    judge: async () => ({ type: 'ask', reason: 'Pay?' }),
    ...more,
  });
  const ask = () => approvals.ask(session, { ...call, reason: 'Pay?' }, never);
  const answer = (id: string) => approvals.answer(state.root, id, yes);
  return { ...opened, approvals, ask, answer };
}

describe('what the rules refuse', () => {
  test('no hook is asked about, and no answer makes it pass', async () => {
    const asked: unknown[] = [];
    const verdicts = ['ask', 'deny'] as const;
    let turn = 0;
    const judge = async () => ({ type: verdicts[turn] ?? 'deny', reason: 'Because.' });
    const { approvals, session, ask, answer } = createScene({ judge });
    expect(await approvals.decide(session, call)).toEqual({ type: 'ask', reason: 'Because.' });
    const asking = ask();
    await asking.next();
    const [pending] = session.confirmations.pending();
    await answer(pending?.confirmation_id ?? '');
    expect(await approvals.decide(session, call)).toEqual({ type: 'allow' });
    turn = 1;
    const tighten = async () => {
      asked.push('hook');
      return { type: 'allow' } as const;
    };
    expect(await approvals.decide(session, call, tighten)).toEqual({ type: 'deny', reason: 'Because.' });
    expect(asked).toEqual([]);
  });
});

test('a no stands, also where the call was to be asked about anew', async () => {
  const { approvals, session, state, ask } = createScene();
  await ask().next();
  const [pending] = session.confirmations.pending();
  const instead = pending?.confirmation_id ?? '';
  await approvals.answer(state.root, instead, { decision: 'deny', by: 'anna' });
  const asking = approvals.ask(session, { ...call, reason: 'Pay?', instead }, never);
  expect(await asking.next()).toEqual({ done: true, value: { type: 'answered' } });
  expect(session.confirmations.about(call.call)).toHaveLength(1);
});

describe('a question whose store is lost', () => {
  test('ends the waiting when an answer cannot be stored', async () => {
    using strays = watchStrays();
    const { ask, answer, session, writer } = createScene();
    const asking = ask();
    await asking.next();
    const waiting = asking.next();
    await session.sync();
    const [pending] = session.confirmations.pending();
    const id = pending?.confirmation_id ?? '';
    await expect(answer('another')).rejects.toMatchObject({ code: 'confirmation-refused' });
    writer.failure = new Error('The disk is full.');
    const [stored, waited] = await Promise.allSettled([answer(id), waiting]);
    expect(stored).toMatchObject({ status: 'rejected', reason: writer.failure });
    expect(waited).toMatchObject({ status: 'rejected', reason: writer.failure });
    expect(await strays.look()).toEqual(nothing);
  });

  test('ends the waiting when its time is up, and harms nobody else', async () => {
    using strays = watchStrays();
    let now = 1_000;
    const { ask, writer } = createScene({ now: () => now });
    const asking = ask();
    await asking.next();
    now += 30 * 60_000 - 5;
    const waiting = asking.next();
    writer.failure = new Error('The disk is full.');
    await expect(waiting).rejects.toBe(writer.failure);
    expect(await strays.look()).toEqual(nothing);
  });
});

test('a new run of the session remembers nothing of what an earlier one has asked', async () => {
  const { ask, session } = createScene();
  await ask().next();
  const [pending] = session.confirmations.pending();
  const start = begun[0] as Extract<(typeof begun)[number], { type: 'run_started' }>;
  session.append([{ ...start, attempt: 2 }]);
  expect(session.confirmations.pending()).toEqual([pending]);
  session.append([{ ...start, run_id: 'next' }]);
  expect(session.confirmations.pending()).toEqual([]);
  expect(session.confirmations.find(pending?.confirmation_id ?? '')).toBeUndefined();
});
