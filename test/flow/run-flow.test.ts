import { describe, expect, test } from 'vitest';
import type { AgentNode, FlowNode, LoopNode, ParallelNode, SequenceNode, SwitchNode } from '../../src/flow/flow.ts';
import { runFlow } from '../../src/flow/run-flow.ts';
import { createHost, walk, type Outcome, type Play } from './flow-host.ts';

const agent = (agent_key: string): AgentNode => ({ node_type: 'agent', agent_key });
const sequence = (...steps: FlowNode[]): SequenceNode => ({ node_type: 'sequence', steps });
const parallel = (branches: FlowNode[], max_concurrency = 5): ParallelNode => ({
  node_type: 'parallel',
  branches,
  max_concurrency,
});
const loop = (condition: string, body: FlowNode, max_loops = 10): LoopNode => ({
  node_type: 'loop',
  body,
  condition,
  max_loops,
});
const choose = (cases: SwitchNode['cases'], otherwise?: FlowNode): SwitchNode => ({
  node_type: 'switch',
  variable: 'v',
  cases,
  ...(otherwise === undefined ? {} : { default: otherwise }),
});

/** An agent that comes to this, and says that it was closed. */
function ends(outcome: Outcome, closed: string[] = []): Play {
  return async function* play({ path }) {
    try {
      yield path;
      return outcome;
    } finally {
      closed.push(path);
    }
  };
}

describe('an agent', () => {
  test('is traced, yields, and gives its outcome', async () => {
    const { batches, outcome, log } = await walk(agent('a'));
    expect(batches).toEqual(['root']);
    expect(outcome).toEqual({ type: 'done' });
    expect(log).toEqual(['entered root', 'left root done']);
  });

  test('is skipped when an earlier attempt has left it, and entered again when it was not left', async () => {
    expect(await walk(agent('a'), { left: { root: { type: 'max-loops' } } })).toEqual({
      batches: [],
      outcome: { type: 'max-loops' },
      log: [],
    });
    expect((await walk(agent('a'), { entered: { root: undefined } })).log).toEqual(['entered root', 'left root done']);
  });

  test('is not left when it throws, or when the reader leaves; it is closed', async () => {
    const closed: string[] = [];
    const bug = new Error('A bug.');
    const throws: Play = async function* play() {
      yield 'once';
      throw bug;
    };
    await expect(walk(agent('a'), { agents: { a: throws } })).rejects.toBe(bug);
    const { host, log } = createHost({ agents: { a: ends({ type: 'done' }, closed) } });
    for await (const _ of runFlow(agent('a'), new AbortController().signal, host)) break;
    expect(log).toEqual(['entered root']);
    expect(closed).toEqual(['root']);
  });

  test('does not begin once the signal has aborted', async () => {
    const { outcome, log } = await walk(agent('a'), {}, AbortSignal.abort());
    expect(outcome).toEqual({ type: 'stopped' });
    expect(log).toEqual([]);
  });
});

describe('a sequence', () => {
  test('runs its steps one after the other', async () => {
    const { batches, log } = await walk(sequence(agent('a'), sequence(agent('b'))));
    expect(batches).toEqual(['root/steps/0', 'root/steps/1/steps/0']);
    expect(log.at(-1)).toBe('left root done');
  });

  test.each(['max-loops', 'failed', 'stopped'])('goes no further after a step that came to %s', async (type) => {
    const { batches, outcome } = await walk(sequence(agent('a'), agent('b')), { agents: { a: ends({ type }) } });
    expect(batches).toEqual(['root/steps/0']);
    expect(outcome).toEqual({ type });
  });

  test('goes on at the step where an earlier attempt stood', async () => {
    const { batches } = await walk(sequence(agent('a'), agent('b'), agent('c')), {
      entered: { 'root': undefined, 'root/steps/0': undefined, 'root/steps/1': undefined },
      left: { 'root/steps/0': { type: 'done' } },
    });
    expect(batches).toEqual(['root/steps/1', 'root/steps/2']);
  });

  test('of nothing is done', async () => {
    expect((await walk(sequence())).outcome).toEqual({ type: 'done' });
  });
});

/** An agent that takes turns: it says `<key>1`, waits for its gate, says `<key>2`. */
function gated() {
  const gates = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() };
  const play = (key: 'a' | 'b'): Play =>
    async function* says() {
      yield `${key}1`;
      await gates[key].promise;
      yield `${key}2`;
      return { type: 'done' };
    };
  return { play, open: (key: 'a' | 'b') => gates[key].resolve() };
}

describe('parallel branches', () => {
  test('stream live, in the order things happen', async () => {
    const { play, open } = gated();
    const { host } = createHost({ agents: { a: play('a'), b: play('b') } });
    const source = runFlow(parallel([agent('a'), agent('b')]), new AbortController().signal, host);
    const seen = [(await source.next()).value, (await source.next()).value];
    open('b');
    seen.push((await source.next()).value);
    open('a');
    seen.push((await source.next()).value);
    expect(seen).toEqual(['a1', 'b1', 'b2', 'a2']);
    expect(await source.next()).toEqual({ done: true, value: { type: 'done' } });
  });

  test('run no more than the limit at a time', async () => {
    let running = 0;
    let most = 0;
    const counts: Play = async function* play({ path }) {
      running += 1;
      most = Math.max(most, running);
      yield path;
      running -= 1;
      return { type: 'done' };
    };
    await walk(
      parallel(
        Array.from({ length: 6 }, () => agent('a')),
        2,
      ),
      { agents: { a: counts } },
    );
    expect(most).toBe(2);
  });

  test('are stopped, with their signal, when one of them fails; the failure is what the node comes to', async () => {
    const signals: AbortSignal[] = [];
    const stalls: Play = async function* play({ signal }) {
      signals.push(signal);
      yield 'stalling';
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { type: 'stopped' };
    };
    const fails: Play = async function* play() {
      yield 'failing';
      return { type: 'failed' };
    };
    const { outcome, log } = await walk(parallel([agent('s'), agent('f')]), { agents: { s: stalls, f: fails } });
    expect(outcome).toEqual({ type: 'failed' });
    expect(signals[0]?.aborted).toBe(true);
    expect(log).not.toContain('left root/branches/0 done');
  });

  test('are closed when one of them throws, and the error goes on', async () => {
    const closed: string[] = [];
    const bug = new Error('A bug.');
    const throws: Play = async function* play() {
      yield 'once';
      throw bug;
    };
    const waits: Play = async function* play({ signal, path }) {
      try {
        yield 'waiting';
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
        return { type: 'done' };
      } finally {
        closed.push(path);
      }
    };
    await expect(walk(parallel([agent('w'), agent('t')]), { agents: { w: waits, t: throws } })).rejects.toBe(bug);
    expect(closed).toEqual(['root/branches/0']);
  });

  test('go on beside one that used up its steps, which is what the node comes to', async () => {
    const { outcome, log } = await walk(parallel([agent('m'), agent('a')]), {
      agents: { m: ends({ type: 'max-loops' }) },
    });
    expect(outcome).toEqual({ type: 'max-loops' });
    expect(log).toContain('left root/branches/1 done');
  });

  test('an earlier attempt has left are not run again', async () => {
    const { batches } = await walk(parallel([agent('a'), agent('b')]), {
      left: { 'root/branches/0': { type: 'done' } },
    });
    expect(batches).toEqual(['root/branches/1']);
  });
});

describe('a loop', () => {
  test('asks its condition before each turn', async () => {
    let left = 2;
    const { batches, log } = await walk(loop('more', agent('a')), { conditions: { more: () => left-- > 0 } });
    expect(batches).toEqual(['root/body/1', 'root/body/2']);
    expect(log.filter((line) => line === 'asked more')).toHaveLength(3);
    expect(log.at(-1)).toBe('left root done');
  });

  test('notes that it has used up its turns', async () => {
    const { log } = await walk(loop('more', agent('a'), 2), { conditions: { more: () => true } });
    expect(log.at(-1)).toBe('left root done (max_loops)');
  });

  test('does not ask again for a turn that an earlier attempt has entered', async () => {
    const { batches, log } = await walk(loop('more', agent('a')), {
      entered: { 'root': undefined, 'root/body/2': undefined },
      left: { 'root/body/1': { type: 'done' } },
    });
    expect(batches).toEqual(['root/body/2']);
    expect(log.filter((line) => line === 'asked more')).toHaveLength(1);
  });

  test('begins once, and ends once it is done', async () => {
    let left = 2;
    const { log } = await walk(loop('more', agent('a')), { conditions: { more: () => left-- > 0 } });
    expect(log.filter((line) => line.includes('loop'))).toEqual(['began loop more', 'ended loop more']);
    expect(log.indexOf('began loop more')).toBeLessThan(log.indexOf('asked more'));
    const again = await walk(loop('more', agent('a')), { entered: { root: undefined } });
    expect(again.log.filter((line) => line.includes('loop'))).toEqual(['ended loop more']);
  });

  test('ends with a turn that does not come to done', async () => {
    const { outcome, batches, log } = await walk(loop('more', agent('a')), {
      agents: { a: ends({ type: 'loop-detected' }) },
      conditions: { more: () => true },
    });
    expect(outcome).toEqual({ type: 'loop-detected' });
    expect(batches).toHaveLength(1);
    expect(log).not.toContain('ended loop more');
  });
});

describe('an if', () => {
  const either: FlowNode = { node_type: 'if', condition: 'c', true_body: agent('t'), false_body: agent('f') };
  const only: FlowNode = { node_type: 'if', condition: 'c', true_body: agent('t') };

  test.each<[boolean, FlowNode, string[], string]>([
    [true, either, ['root/true_body'], 'entered root → true_body'],
    [false, either, ['root/false_body'], 'entered root → false_body'],
    [false, only, [], 'entered root → none'],
  ])('that holds: %s', async (answer, node, batches, decided) => {
    const walked = await walk(node, { conditions: { c: () => answer } });
    expect(walked.batches).toEqual(batches);
    expect(walked.log).toContain(decided);
    expect(walked.outcome).toEqual({ type: 'done' });
  });

  test('takes what an earlier attempt has decided, without asking', async () => {
    const { batches, log } = await walk(either, { entered: { root: 'true_body' } });
    expect(batches).toEqual(['root/true_body']);
    expect(log).not.toContain('asked c');
  });

  test('whose condition throws throws', async () => {
    const bug = new Error('No.');
    await expect(walk(either, { conditions: { c: () => Promise.reject(bug) } })).rejects.toBe(bug);
  });
});

describe('a switch', () => {
  const cases = { 'x': agent('x'), 'a/b%': agent('y') };

  test.each<[string | undefined, string]>([
    ['x', 'root/cases/x'],
    ['a/b%', 'root/cases/a%2Fb%25'],
    ['other', 'root/default'],
    [undefined, 'root/default'],
    ['toString', 'root/default'],
  ])('on %s goes to %s', async (value, path) => {
    const variables = value === undefined ? {} : { v: value };
    expect((await walk(choose(cases, agent('d')), { variables })).batches).toEqual([path]);
  });

  test('without a match and without a default does nothing, and says so', async () => {
    const { batches, outcome, log } = await walk(choose(cases));
    expect(batches).toEqual([]);
    expect(outcome).toEqual({ type: 'done' });
    expect(log).toEqual(['entered root → none', 'left root done']);
  });
});
