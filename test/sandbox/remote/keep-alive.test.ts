import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepAlive } from '../../../src/sandbox/remote/keep-alive.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a sandbox is renewed each time half of its time has passed, until it is closed', async () => {
  const renew = vi.fn<() => Promise<void>>(async () => {});
  const renewal = keepAlive(600, renew);
  await vi.advanceTimersByTimeAsync(299_999);
  expect(renew).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(600_001);
  expect(renew.mock.calls).toEqual([[600], [600], [600]]);
  renewal[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(3_000_000);
  expect(renew).toHaveBeenCalledTimes(3);
});

test('a renewal that fails is tried again while there is time', async () => {
  const renew = vi.fn<() => Promise<void>>(async () => {}).mockRejectedValueOnce(new Error('cut'));
  using _renewal = keepAlive(800, renew);
  await vi.advanceTimersByTimeAsync(400_000);
  expect(renew).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(renew).toHaveBeenCalledTimes(2);
});
