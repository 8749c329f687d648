import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { linkAbort, untilAborted } from '../../src/streams/abort.ts';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('linkAbort', () => {
  test('follows its parent, with the reason', () => {
    const parent = new AbortController();
    using scope = linkAbort(parent.signal);
    parent.abort('stop');
    expect(scope.signal.reason).toBe('stop');
  });

  test('below a parent that has aborted it is aborted from the start', () => {
    using scope = linkAbort(AbortSignal.abort('gone'));
    expect(scope.signal.reason).toBe('gone');
  });

  test('aborts itself without its parent', () => {
    const parent = new AbortController();
    using scope = linkAbort(parent.signal);
    scope.abort('mine');
    expect(scope.signal.reason).toBe('mine');
    expect(parent.signal.aborted).toBe(false);
  });

  test('works without a parent', () => {
    using scope = linkAbort(undefined);
    scope.abort();
    expect(scope.signal.aborted).toBe(true);
  });

  test('disposed, it has let go of its parent', () => {
    const parent = new AbortController();
    {
      using scope = linkAbort(parent.signal);
      expect(listenersOf(parent.signal)).toBe(1);
      expect(scope.signal.aborted).toBe(false);
    }
    expect(listenersOf(parent.signal)).toBe(0);
  });
});

describe('untilAborted', () => {
  test('gives what the promise gives, and lets go of the signal', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(listenersOf(signal)).toBe(0);
  });

  test('rejects with the reason at once, though the promise is deaf', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(new Promise(() => {}), controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(untilAborted(new Promise(() => {}), controller.signal)).rejects.toThrow('enough');
    expect(listenersOf(controller.signal)).toBe(0);
  });

  test('swallows a rejection that comes too late', async () => {
    let rejectLate = (_error: Error) => {};
    const late = new Promise<never>((_, reject) => (rejectLate = reject));
    await expect(untilAborted(late, AbortSignal.abort('gone'))).rejects.toBe('gone');
    rejectLate(new Error('late'));
    // An unhandled rejection would fail the test run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  test('a then that throws is a rejection', async () => {
    const { signal } = new AbortController();
    const broken = {
      // oxlint-disable-next-line unicorn/no-thenable
      then() {
        throw new Error('broken');
      },
    };
    await expect(untilAborted(broken, signal)).rejects.toThrow('broken');
    expect(listenersOf(signal)).toBe(0);
  });
});
