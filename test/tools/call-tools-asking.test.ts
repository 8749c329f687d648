import { describe, expect, test } from 'vitest';
import type { CallToolsOptions } from '../../src/tools/call-tools.ts';
import { CallSuspended } from '../../src/tools/confirmation.ts';
import { aborted, calls, createStage, told, tool } from './helpers.ts';

type Ask = CallToolsOptions['ask'];
type Decide = CallToolsOptions['decide'];

const look = tool('look', () => 'a lake');
const pay = tool('pay', () => 'paid');

/** Has a person asked about payments, until there is an answer. */
function deciding(): { decide: Decide; answer: (decision: 'allow' | 'deny') => void } {
  let answer: 'allow' | 'deny' | undefined;
  return {
    decide: ({ tool: { name } }) => {
      if (name !== 'pay' || answer === 'allow') return { type: 'allow' };
      return answer === 'deny' ? { type: 'deny', reason: 'No.' } : { type: 'ask', reason: 'Pay?' };
    },
    answer: (decision) => (answer = decision),
  };
}

/** Nothing to show, and this came of it. */
const asking = (end: () => 'answered' | 'suspended'): Ask =>
  // oxlint-disable-next-line require-yield -- It has nothing to show.
  async function* () {
    return { type: end() };
  };

describe('a call that a person is asked about', () => {
  test('is decided on anew when there is an answer, and has an intent of its own', async () => {
    const { decide, answer } = deciding();
    const ask = asking(() => {
      answer('allow');
      return 'answered';
    });
    const { run, log } = createStage([look, pay], { decide, ask });
    await run(calls(['pay'], ['look']));
    expect(log.filter((line) => line.startsWith('intents'))).toEqual(['intents 1', 'intents 0']);
    expect(log.filter((line) => line.endsWith('success')).toSorted()).toEqual([
      'result 0: success',
      'result 1: success',
    ]);
  });

  test('is refused where the answer is no', async () => {
    const { decide, answer } = deciding();
    const ask = asking(() => {
      answer('deny');
      return 'answered';
    });
    const { run, log, outcomes } = createStage([pay], { decide, ask });
    await run(calls(['pay']));
    expect(log).toEqual(['result 0: error']);
    expect(told(outcomes[0])).toMatchObject({ error_code: 'PERMISSION_DENIED', message: 'No.' });
  });

  test('has no result where it is suspended, and its siblings have theirs', async () => {
    const { decide } = deciding();
    const { open, log } = createStage([look, pay], { decide, ask: asking(() => 'suspended') });
    const running = open(calls(['pay'], ['look']));
    let next = await running.next();
    while (!next.done) next = await running.next();
    expect(next.value).toBe('suspended');
    expect(log).toEqual(['intents 1', 'result 1: success']);
  });

  test('has the sandbox opened when it is allowed, and not before', async () => {
    const opened: string[] = [];
    const { decide, answer } = deciding();
    const ask = asking(() => {
      opened.push('asked');
      answer('allow');
      return 'answered';
    });
    const openSandbox = () => {
      opened.push('opened');
      return Promise.reject(new Error('There is none.'));
    };
    const { run } = createStage([{ ...pay, sandbox: 'needed' }], { decide, ask, openSandbox });
    await expect(run(calls(['pay']))).rejects.toThrow('There is none.');
    expect(opened).toEqual(['asked', 'opened']);
  });

  test('ends the calls where asking fails for another reason than a stop', async () => {
    const { decide } = deciding();
    const lost = new Error('The store is lost.');
    const ask = asking(() => {
      throw lost;
    });
    const { run } = createStage([pay], { decide, ask });
    await expect(run(calls(['pay']))).rejects.toBe(lost);
  });

  /** Waits for a person until it is stopped, and says when it has ended. */
  const waiting = (seen: string[]): Ask =>
    async function* (_, signal) {
      try {
        yield;
        await aborted(signal);
        signal.throwIfAborted();
        return { type: 'answered' };
      } finally {
        seen.push('finally');
      }
    };

  test('is asked no longer when the run is stopped, and was not run', async () => {
    const seen: string[] = [];
    const { open, log, controller } = createStage([pay], { ...deciding(), ask: waiting(seen) });
    const running = open(calls(['pay']));
    expect((await running.next()).value).toMatchObject({ type: 'asked' });
    const next = running.next();
    setImmediate(() => controller.abort());
    expect(await next).toEqual({ done: true, value: 'settled' });
    expect(log).toEqual(['result 0: not_run']);
    expect(seen).toEqual(['finally']);
  });

  test('is asked no longer when the reader leaves', async () => {
    const seen: string[] = [];
    const { open } = createStage([pay], { ...deciding(), ask: waiting(seen) });
    const running = open(calls(['pay']));
    await running.next();
    await running.return('settled');
    expect(seen).toEqual(['finally']);
  });
});

test('a call whose own work waits for a person has no result, and frees its place', async () => {
  const child = tool('child', () => Promise.reject(new CallSuspended()));
  const { run, log } = createStage([child, look]);
  await run(calls(...Array.from({ length: 9 }, () => ['child'] as const), ['look']));
  expect(log.filter((line) => line.startsWith('result'))).toEqual(['result 9: success']);
});
