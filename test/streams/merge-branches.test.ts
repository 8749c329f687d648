import { describe, expect, test } from 'vitest';
import { linkAbort, untilAborted } from '../../src/streams/abort.ts';
import { mergeBranches } from '../../src/streams/merge-branches.ts';

/** Writes down what happens to branches that yield `<name>1`, `<name>2`, … as their gates open. */
function createStage() {
  const log: string[] = [];
  const branch = (name: string, gates: readonly Promise<void>[], end: () => string = () => name) =>
    async function* () {
      log.push(`${name} starts`);
      try {
        for (const [index, gate] of gates.entries()) {
          await gate;
          yield `${name}${index + 1}`;
          log.push(`${name}${index + 1} taken`);
        }
        return end();
      } finally {
        log.push(`${name} closed`);
      }
    };
  return { log, branch };
}

const open = Promise.resolve();
const shut = new Promise<void>(() => {});

async function drain<T, R>(stream: AsyncGenerator<T, R>): Promise<{ values: T[]; result: R }> {
  const values: T[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { values, result: value };
    values.push(value);
  }
}

describe('mergeBranches', () => {
  test('yields in the order values come, and returns the results in branch order', async () => {
    const { log, branch } = createStage();
    let release = () => {};
    const later = new Promise<void>((resolve) => (release = resolve));
    const merged = mergeBranches([branch('a', [later]), branch('b', [open, open])], { limit: 2 });
    expect((await merged.next()).value).toBe('b1');
    expect((await merged.next()).value).toBe('b2');
    release();
    expect(await drain(merged)).toEqual({ values: ['a1'], result: ['a', 'b'] });
    expect(log.filter((line) => line.endsWith('closed'))).toHaveLength(2);
  });

  test('runs at most limit branches at a time', async () => {
    let running = 0;
    let most = 0;
    const branch = (name: number) =>
      async function* () {
        most = Math.max(most, ++running);
        yield name;
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return name;
      };
    const { values, result } = await drain(mergeBranches([0, 1, 2, 3, 4, 5].map(branch), { limit: 2 }));
    expect(most).toBe(2);
    expect(values.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('resumes a branch only when its last value has been taken', async () => {
    const { log, branch } = createStage();
    const merged = mergeBranches([branch('a', [open, open])], { limit: 1 });
    await merged.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['a starts']);
    await merged.next();
    expect(log).toEqual(['a starts', 'a1 taken']);
    await drain(merged);
  });

  test('starts nothing when nothing is asked for, and returns at once when there is nothing', async () => {
    const { log, branch } = createStage();
    await mergeBranches([branch('a', [open])], { limit: 1 }).return([]);
    expect(log).toEqual([]);
    expect(await drain(mergeBranches([], { limit: 1 }))).toEqual({ values: [], result: [] });
  });

  test('the reader leaves early: what was started is closed, what was not stays unstarted', async () => {
    const { log, branch } = createStage();
    for await (const value of mergeBranches([branch('a', [open]), branch('b', [open]), branch('c', [open])], {
      limit: 2,
    })) {
      expect(value).toBe('a1');
      break;
    }
    expect(log).toEqual(['a starts', 'b starts', 'a closed', 'b closed']);
  });

  test('the reader leaves early, and an error of the closing is thrown', async () => {
    const merged = mergeBranches(
      [
        async function* () {
          try {
            yield 1;
          } finally {
            // oxlint-disable-next-line no-unsafe-finally
            throw new Error('closing failed');
          }
        },
      ],
      { limit: 1 },
    );
    await merged.next();
    await expect(merged.return([])).rejects.toThrow('closing failed');
  });

  test('a branch fails: its siblings are closed, and its error is thrown', async () => {
    const { log, branch } = createStage();
    const failing = branch('a', [open], () => {
      throw new Error('a failed');
    });
    await expect(drain(mergeBranches([failing, branch('b', [open, open, open])], { limit: 2 }))).rejects.toThrow(
      'a failed',
    );
    expect(log.filter((line) => line.endsWith('closed'))).toEqual(['a closed', 'b closed']);
  });

  test('a branch that cannot even be made fails like any other', async () => {
    const { log, branch } = createStage();
    const broken = () => {
      throw new Error('no such branch');
    };
    await expect(drain(mergeBranches([branch('a', [open]), broken], { limit: 2 }))).rejects.toThrow('no such branch');
    expect(log).toEqual(['a starts', 'a closed']);
  });

  test('a branch fails: the signal frees a sibling at work', async () => {
    using scope = linkAbort(undefined);
    const { log, branch } = createStage();
    const failing = branch('a', [open], () => {
      throw new Error('a failed');
    });
    const stuck = branch('b', [untilAborted(shut, scope.signal)]);
    const merged = mergeBranches([failing, stuck], { limit: 2, abort: scope.abort });
    await expect(drain(merged)).rejects.toThrow('a failed');
    expect(log).toContain('b closed');
  });

  test('a deaf sibling is not waited for longer than the grace', async () => {
    const { log, branch } = createStage();
    const failing = branch('a', [open], () => {
      throw new Error('a failed');
    });
    const merged = mergeBranches([failing, branch('b', [shut])], { limit: 2, graceMs: 10 });
    await expect(drain(merged)).rejects.toThrow('a failed');
    expect(log).not.toContain('b closed');
  });

  test('the signal fires: the branches end, and so does the merge', async () => {
    using scope = linkAbort(undefined);
    const { log, branch } = createStage();
    const gate = untilAborted(shut, scope.signal);
    const merged = mergeBranches([branch('a', [open, gate]), branch('b', [gate])], { limit: 2 });
    expect((await merged.next()).value).toBe('a1');
    const next = merged.next();
    scope.abort(new Error('stop'));
    await expect(next).rejects.toThrow('stop');
    expect(log.slice(-2).toSorted()).toEqual(['a closed', 'b closed']);
  });

  test('refuses a limit below one at once', () => {
    expect(() => mergeBranches([], { limit: 0 })).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
