import { describe, expect, test } from 'vitest';
import { ActiveClock } from '../../src/streams/active-clock.ts';

describe('ActiveClock', () => {
  test('stands still between pause and resume', () => {
    let now = 1_000;
    const clock = new ActiveClock(() => now);
    now += 10;
    clock.pause();
    now += 500;
    expect(clock.elapsed()).toBe(10);
    expect(clock.paused).toBe(true);
    clock.resume();
    now += 5;
    expect(clock.elapsed()).toBe(15);
    expect(clock.paused).toBe(false);
  });

  test('takes a second pause or resume for nothing', () => {
    let now = 0;
    const clock = new ActiveClock(() => now);
    clock.resume();
    clock.pause();
    now += 100;
    clock.pause();
    now += 100;
    clock.resume();
    clock.resume();
    now += 7;
    expect(clock.elapsed()).toBe(7);
  });

  test('wakes who waits for the next resume, once, and nobody who took it back', () => {
    const clock = new ActiveClock(() => 0);
    const woken: string[] = [];
    clock.pause();
    clock.onResume(() => woken.push('a'));
    const takeBack = clock.onResume(() => woken.push('b'));
    takeBack();
    clock.resume();
    clock.pause();
    clock.resume();
    expect(woken).toEqual(['a']);
  });
});
