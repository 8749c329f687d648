import { describe, expect, test } from 'vitest';
import { runTool } from '../../src/tools/run-tool.ts';
import { tool, toolContext } from './helpers.ts';

/** A tool that yields two pieces of progress, and writes down that its `finally` ran. */
function createCounter(work: (step: number, signal: AbortSignal) => unknown = () => undefined) {
  const log: string[] = [];
  const counter = tool('count', async function* (_, { signal }) {
    try {
      for (const step of [1, 2]) {
        await work(step, signal);
        yield { step };
      }
      return 'counted';
    } finally {
      log.push('finally');
    }
  });
  return { counter, log };
}

describe('a tool that is a generator', () => {
  test('yields its progress as text, and returns what it gives back', async () => {
    const { counter, log } = createCounter();
    const running = runTool(counter, {}, toolContext());
    expect([await running.next(), await running.next(), await running.next()]).toEqual([
      { done: false, value: '{"step":1}' },
      { done: false, value: '{"step":2}' },
      { done: true, value: 'counted' },
    ]);
    expect(log).toEqual(['finally']);
  });

  test('is closed when its reader leaves early', async () => {
    const { counter, log } = createCounter();
    for await (const _ of runTool(counter, {}, toolContext())) break;
    expect(log).toEqual(['finally']);
  });

  test('throws what it throws, after its finally', async () => {
    const { counter, log } = createCounter((step) => step === 2 && Promise.reject(new Error('Lost count.')));
    const running = runTool(counter, {}, toolContext());
    await running.next();
    await expect(running.next()).rejects.toThrow('Lost count.');
    expect(log).toEqual(['finally']);
  });

  test('hears the signal', async () => {
    const controller = new AbortController();
    const { counter, log } = createCounter((_, signal) => signal.throwIfAborted());
    const running = runTool(counter, {}, toolContext(controller.signal));
    await running.next();
    controller.abort(new Error('Enough.'));
    await expect(running.next()).rejects.toThrow('Enough.');
    expect(log).toEqual(['finally']);
  });

  test('that yields what JSON cannot hold is closed, and that is its error', async () => {
    const log: string[] = [];
    const odd = tool('odd', async function* () {
      try {
        yield 1n;
      } finally {
        log.push('finally');
      }
    });
    await expect(runTool(odd, {}, toolContext()).next()).rejects.toThrow('BigInt');
    expect(log).toEqual(['finally']);
  });
});

describe('a tool that is no generator', () => {
  test.each([
    ['a value', () => 1],
    ['a promise', async () => 1],
  ])('may give %s, and yields nothing', async (_, execute) => {
    expect(await runTool(tool('one', execute), {}, toolContext()).next()).toEqual({ done: true, value: 1 });
  });
});
