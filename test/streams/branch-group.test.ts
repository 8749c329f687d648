import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { linkAbort, untilAborted } from '../../src/streams/abort.ts';
import { BranchGroup } from '../../src/streams/branch-group.ts';

/** Writes down what happens to branches that yield `<name>1`, `<name>2`, … as their gates open. */
function createStage(graceMs = 1_000) {
  const log: string[] = [];
  const scope = linkAbort(undefined);
  const group = new BranchGroup<string>({
    graceMs,
    abort: (reason) => {
      log.push(`abort ${reason instanceof Error ? reason.message : String(reason)}`);
      scope.abort(new Error('aborted'));
    },
  });
  async function* branch(
    name: string,
    gates: readonly Promise<void>[],
    end: () => string = () => name,
  ): AsyncGenerator<string, string> {
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
  }
  /** A gate that only the abort of the group opens. */
  const untilAbort = untilAborted(new Promise<void>(() => {}), scope.signal);
  untilAbort.catch(() => {});
  const closed = () => log.filter((line) => line.endsWith('closed')).toSorted();
  return { log, closed, group, branch, untilAbort };
}

const open = Promise.resolve();
const shut = new Promise<void>(() => {});
const fails = (message: string) => () => {
  throw new Error(message);
};

async function* unclosable(): AsyncGenerator<string, void> {
  try {
    for (;;) yield 'u1';
  } finally {
    // oxlint-disable-next-line no-unsafe-finally
    throw new Error('closing failed');
  }
}

/** What is yielded, whatever came together. */
async function drain<R>(stream: AsyncGenerator<string[], R>): Promise<{ values: string[]; result: R }> {
  const values: string[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { values, result: value };
    values.push(...value);
  }
}

describe('a branch group', () => {
  test('yields what its main branch yields, returns what that returns, and aborts nothing', async () => {
    const { log, group, branch } = createStage();
    expect(await drain(group.run(branch('m', [open, open])))).toEqual({ values: ['m1', 'm2'], result: 'm' });
    expect(log).toEqual(['m starts', 'm1 taken', 'm2 taken', 'm closed']);
  });

  test('reads a branch that joins while the main one is at work, in the order values come', async () => {
    const { closed, group, branch } = createStage();
    const gate = Promise.withResolvers<void>();
    const run = group.run(branch('m', [open, gate.promise]));
    expect((await run.next()).value).toEqual(['m1']);
    const next = run.next();
    group.join(branch('a', [open, open]));
    expect((await next).value).toEqual(['a1']);
    expect((await run.next()).value).toEqual(['a2']);
    gate.resolve();
    expect(await drain(run)).toEqual({ values: ['m2'], result: 'm' });
    expect(closed()).toEqual(['a closed', 'm closed']);
  });

  test('reads branches that a branch lets join, beside all others', async () => {
    const { closed, group, branch } = createStage();
    async function* nesting(): AsyncGenerator<string, void> {
      yield 'a1';
      group.join(branch('b', [open]));
      await turn();
      yield 'a2';
    }
    // oxlint-disable-next-line require-yield -- Only those that join say something.
    async function* main(): AsyncGenerator<string, string> {
      group.join(nesting());
      for (let round = 0; round < 5; round += 1) await turn();
      return 'm';
    }
    expect(await drain(group.run(main()))).toEqual({ values: ['a1', 'b1', 'a2'], result: 'm' });
    expect(closed()).toEqual(['b closed']);
  });

  test('holds one value of each branch, gives together what has come, and reads none ahead of its reader', async () => {
    const { log, group, branch } = createStage();
    const run = group.run(branch('m', [open, open]));
    group.join(branch('a', [open, open]));
    expect((await run.next()).value).toEqual(['a1', 'm1']);
    group.join(branch('b', [open, open]));
    for (let round = 0; round < 5; round += 1) await turn();
    expect(log.toSorted()).toEqual(['a starts', 'b starts', 'm starts']);
    expect((await run.next()).value).toEqual(['b1']);
    await turn();
    // Those whose values were taken have gone on.
    expect(log.filter((line) => line.endsWith('taken'))).toEqual(['a1 taken', 'm1 taken']);
    await drain(run);
  });

  test('gives what has come before it throws', async () => {
    const { group, branch } = createStage();
    const run = group.run(branch('m', [open], fails('Too bad.')));
    expect((await run.next()).value).toEqual(['m1']);
    group.join(branch('a', [open, open]));
    await turn();
    expect((await run.next()).value).toEqual(['a1']);
    await expect(run.next()).rejects.toThrow('Too bad.');
  });

  test('tells that a branch has ended, also where all others are silent', async () => {
    const { log, group, branch } = createStage();
    const gate = Promise.withResolvers<void>();
    const run = group.run(branch('m', [gate.promise]));
    group.join(branch('a', []));
    expect(await run.next()).toEqual({ done: false, value: [] });
    expect(log).toContain('a closed');
    gate.resolve();
    expect(await drain(run)).toEqual({ values: ['m1'], result: 'm' });
  });

  test('starts nothing when nothing is asked for', async () => {
    const { log, group, branch } = createStage();
    await group.run(branch('m', [open])).return('');
    expect(log).toEqual([]);
  });

  test('ends with its main branch, and closes what still runs then', async () => {
    const { log, closed, group, branch, untilAbort } = createStage();
    const run = group.run(branch('m', [open]));
    group.join(branch('a', [open, untilAbort]));
    group.join(branch('b', [untilAbort]));
    expect((await drain(run)).result).toBe('m');
    expect(closed()).toEqual(['a closed', 'b closed', 'm closed']);
    expect(log).toContain('abort undefined');
  });
});

describe('a reader that leaves a branch group early', () => {
  test('has every branch closed, those at work by the abort', async () => {
    const { log, closed, group, branch, untilAbort } = createStage();
    for await (const value of group.run(branch('m', [open, untilAbort]))) {
      expect(value).toEqual(['m1']);
      group.join(branch('a', [open]));
      group.join(branch('b', [untilAbort]));
      await turn();
      break;
    }
    expect(log.filter((line) => line.startsWith('abort'))).toEqual(['abort undefined']);
    expect(closed()).toEqual(['a closed', 'b closed', 'm closed']);
  });

  test('does not wait for a deaf branch longer than its grace', async () => {
    const { closed, group, branch } = createStage(10);
    const run = group.run(branch('m', [open]));
    group.join(branch('a', [shut]));
    await run.next();
    await run.return('');
    expect(closed()).toEqual(['m closed']);
  });

  test('is thrown what the closing of a branch throws', async () => {
    const { group, branch } = createStage();
    const run = group.run(branch('m', [open]));
    group.join(unclosable());
    await run.next();
    await expect(run.return('')).rejects.toThrow('closing failed');
  });
});

describe('a branch that throws', () => {
  test.each([
    ['the main one', 'm'],
    ['one that has joined', 'a'],
  ])('(%s) ends all others, which are told why, and the group throws the same', async (_, failing) => {
    const { log, closed, group, branch, untilAbort } = createStage();
    const endOf = (name: string) =>
      name === failing ? branch(name, [open], fails('Too bad.')) : branch(name, [open, untilAbort]);
    const run = group.run(endOf('m'));
    group.join(endOf('a'));
    group.join(branch('b', [untilAbort]));
    await expect(drain(run)).rejects.toThrow('Too bad.');
    expect(log.filter((line) => line.startsWith('abort'))).toEqual(['abort Too bad.']);
    expect(closed()).toEqual(['a closed', 'b closed', 'm closed']);
  });

  test('hides what closing the others throws, which is a consequence', async () => {
    const { group, branch } = createStage();
    const gate = Promise.withResolvers<void>();
    const run = group.run(branch('m', [gate.promise], fails('Too bad.')));
    group.join(unclosable());
    expect((await run.next()).value).toEqual(['u1']);
    gate.resolve();
    await expect(drain(run)).rejects.toThrow('Too bad.');
  });
});

describe('closing one branch alone', () => {
  test('while nobody reads, closes it at once, and what it has said is still read', async () => {
    const { log, group, branch } = createStage();
    const run = group.run(branch('m', [open, open]));
    expect((await run.next()).value).toEqual(['m1']);
    const close = group.join(branch('a', [open, open]));
    await turn();
    close();
    close();
    await turn();
    expect(log).toContain('a closed');
    expect(log).not.toContain('a1 taken');
    expect(await drain(run)).toEqual({ values: ['a1', 'm2'], result: 'm' });
    expect(log.join()).not.toContain('abort');
  });

  test('while it is at work, closes it at its next value, which is dropped', async () => {
    const { log, group, branch } = createStage();
    const [gate, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = group.run(branch('m', [open, last.promise]));
    const close = group.join(branch('a', [gate.promise, shut]));
    expect((await run.next()).value).toEqual(['m1']);
    close();
    await turn();
    expect(log).not.toContain('a closed');
    gate.resolve();
    await turn();
    expect(log).toContain('a closed');
    last.resolve();
    expect(await drain(run)).toEqual({ values: ['m2'], result: 'm' });
  });

  test('whose value the reader holds, does not have it go on', async () => {
    const { log, group, branch } = createStage();
    const gate = Promise.withResolvers<void>();
    const run = group.run(branch('m', [gate.promise]));
    const close = group.join(branch('a', [open, open]));
    expect((await run.next()).value).toEqual(['a1']);
    close();
    await turn();
    gate.resolve();
    expect(await drain(run)).toEqual({ values: ['m1'], result: 'm' });
    expect(log).not.toContain('a1 taken');
    expect(log).toContain('a closed');
  });

  test('after it has ended, or the group has, does nothing', async () => {
    const { log, group, branch } = createStage();
    const gate = Promise.withResolvers<void>();
    const run = group.run(branch('m', [gate.promise]));
    const close = group.join(branch('a', [open]));
    expect([(await run.next()).value, (await run.next()).value]).toEqual([['a1'], []]);
    close();
    gate.resolve();
    expect((await run.next()).value).toEqual(['m1']);
    await drain(run);
    close();
    await turn();
    expect(log.filter((line) => line === 'a closed')).toHaveLength(1);
  });
});
