import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { Deadline } from '../../src/streams/deadline.ts';

/** A deadline of 5 ms on a clock that moves by hand. `seen()` lets every real timer in between fire. */
function createDeadline(ms = 5) {
  const time = { now: 0 };
  const clock = new ActiveClock(() => time.now);
  let expiries = 0;
  const deadline = new Deadline({ clock, ms, onExpired: () => (expiries += 1) });
  onTestFinished(() => deadline.close());
  const seen = async () => {
    for (let turn = 0; turn < 5; turn++) {
      await wait(5);
      for (let check = 0; check < 3; check++) await immediate();
    }
    return expiries;
  };
  return { time, clock, deadline, seen };
}

describe('Deadline', () => {
  test('expires once, not before its time', async () => {
    const { time, deadline, seen } = createDeadline();
    time.now = 4.9;
    expect(await seen()).toBe(0);
    time.now = 5;
    expect(await seen()).toBe(1);
    deadline.refresh();
    time.now = 100;
    expect(await seen()).toBe(1);
  });

  test('moves with every refresh', async () => {
    const { time, deadline, seen } = createDeadline();
    time.now = 4;
    deadline.refresh();
    time.now = 8;
    expect(await seen()).toBe(0);
    time.now = 9;
    expect(await seen()).toBe(1);
  });

  test('sleeps while held, and starts anew with the next refresh', async () => {
    const { time, deadline, seen } = createDeadline();
    deadline.hold();
    time.now = 1_000;
    expect(await seen()).toBe(0);
    deadline.refresh();
    time.now = 1_004;
    expect(await seen()).toBe(0);
    time.now = 1_005;
    expect(await seen()).toBe(1);
  });

  test('stands still with its clock', async () => {
    const { time, clock, seen } = createDeadline();
    time.now = 3;
    clock.pause();
    time.now = 1_000;
    expect(await seen()).toBe(0);
    clock.resume();
    time.now = 1_001;
    expect(await seen()).toBe(0);
    time.now = 1_002;
    expect(await seen()).toBe(1);
  });

  test('says nothing when what it waits for came while the event loop was blocked', async () => {
    const { time, deadline, seen } = createDeadline();
    setImmediate(() => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      time.now = 6;
      // Timers come next; the immediate after them stands for the read that poll brings.
      setImmediate(() => deadline.refresh());
    });
    expect(await seen()).toBe(0);
  });

  test('is silent after close, also in the turns in which it makes sure', async () => {
    const { time, deadline, seen } = createDeadline();
    const closed = createDeadline();
    closed.deadline.close();
    closed.time.now = time.now = 5;
    const until = performance.now() + 10;
    while (performance.now() < until);
    setImmediate(() => deadline.close());
    expect(await seen()).toBe(0);
    expect(await closed.seen()).toBe(0);
  });

  test('closed in a pause, it is not woken by the resume', async () => {
    const { time, clock, deadline, seen } = createDeadline();
    clock.pause();
    expect(await seen()).toBe(0);
    deadline.close();
    clock.resume();
    time.now = 100;
    expect(await seen()).toBe(0);
  });

  test.each([Infinity, 2 ** 40])('of %d ms does not expire at once', async (ms) => {
    const { time, seen } = createDeadline(ms);
    time.now = 2 ** 35;
    expect(await seen()).toBe(0);
  });

  test('of no ms at all expires at once', async () => {
    const { seen } = createDeadline(0);
    expect(await seen()).toBe(1);
  });
});
