import { expect, test } from 'vitest';
import { countingIds, fixedClock } from '../../src/testing/fixed.ts';

test('a fixed clock stands still, or goes on by a step at each look', () => {
  const still = fixedClock(5);
  const walking = fixedClock(5, 10);
  expect([still(), still()]).toEqual([5, 5]);
  expect([walking(), walking(), walking()]).toEqual([5, 15, 25]);
  expect(fixedClock()()).toBe(Date.UTC(2026, 0, 1));
});

test('counting ids count from 1', () => {
  const id = countingIds('m');
  expect([id(), id(), countingIds()()]).toEqual(['m-1', 'm-2', 'id-1']);
});
