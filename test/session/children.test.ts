import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/session/entry.ts';
import { readLedger } from '../../src/session/read-ledger.ts';
import { Session } from '../../src/session/session.ts';
import type { SessionState } from '../../src/session/session-state.ts';
import { countingIds } from '../../src/testing/fixed.ts';
import { added, expandAll, openSession, replay, user } from './helpers.ts';

const joins = (session_id: string, parent_id: string): Entry => ({
  type: 'child_started',
  session_id,
  parent_id,
  agent_id: 'worker',
});
const starts = (run_id: string): Entry => ({
  type: 'run_started',
  run_id,
  agent_mode: 'simple',
  flow: 'f',
  attempt: 1,
  prefix: { system: '', tools: '' },
});
const ends = (run_id: string): Entry => ({
  type: 'run_ended',
  run_id,
  status: 'completed',
  reason: 'done',
  phase: 'closing',
});
const asks: Entry = { type: 'model_called', model: 'm', node: 'root', message_id: 'm' };
const used: Entry = { type: 'model_used', usage: { prompt_tokens: 10, completion_tokens: 2 } };
const calls: Entry = { type: 'intents', message_id: 'm', calls: [0, 1] };
const say = (text: string) => ({ role: 'assistant', content: text, message_type: 'assistant_text' }) as const;
const texts = ({ ledger }: Pick<SessionState, 'ledger'>) => ledger.messages().map(({ content }) => content);

/** A session `s` for which `a` works, and `b` for `a`; all of them run. */
function openTree() {
  const opened = openSession();
  const { journal, state, session } = opened;
  const open = (id: string) =>
    new Session(journal, state.session(id) as SessionState, { runId: `r${id}`, createId: countingIds(id) });
  session.append([starts('rs')]);
  journal.append([joins('a', 's')]);
  const a = open('a');
  a.append([starts('ra')]);
  journal.append([joins('b', 'a')]);
  const b = open('b');
  b.append([starts('rb')]);
  const [stateOfA, stateOfB] = [state.session('a') as SessionState, state.session('b') as SessionState];
  return { ...opened, s: session, a, b, stateOfA, stateOfB };
}

describe('a child', () => {
  test('has a ledger and a view of its own, of which its parent’s hold no word', () => {
    const { s, a, b, state, stateOfA, stateOfB } = openTree();
    s.add(say('I am s.'));
    a.add(say('I am a.'));
    const stream = b.startMessage({ role: 'assistant', agent_name: 'Bob' });
    stream.add([{ content: 'I am ' }]);
    s.add(say('Still s.'));
    stream.add([{ content: 'b.' }]);
    b.append(stream.closing());
    expect([state.root, stateOfA, stateOfB].map(texts)).toEqual([['I am s.', 'Still s.'], ['I am a.'], ['I am b.']]);
    expect([s, a, b].map((session) => session.history().length)).toEqual([2, 1, 1]);
    expect(a.history()).toEqual([JSON.stringify({ role: 'assistant', content: 'I am a.' })]);
  });

  test('keeps values, guidance and a trace for itself', () => {
    const { s, a, stateOfA, state } = openTree();
    a.toolState.set('k', 1);
    a.runState.set('k', 2);
    a.append(a.guidance.queue('g', 'Be quick', {}));
    a.append([{ type: 'node_entered', path: 'root', node_type: 'agent' }]);
    expect([a.toolState.get('k'), a.runState.get('k'), a.trace?.list().length]).toEqual([1, 2, 1]);
    expect([s.toolState.get('k'), s.runState.get('k'), s.trace?.list().length]).toEqual([undefined, undefined, 0]);
    expect([stateOfA.guidance.size, state.root.guidance.size]).toEqual([1, 0]);
  });

  test('knows whom it works for, how deep that is, and in which run it joined', () => {
    const { state, stateOfA, stateOfB } = openTree();
    expect(state.children).toEqual([stateOfA, stateOfB]);
    expect([stateOfA.parent, stateOfB.parent]).toEqual([state.root, stateOfA]);
    expect([state.root.depth, stateOfA.depth, stateOfB.depth]).toEqual([0, 1, 2]);
    expect([state.root.joinedIn, stateOfA.joinedIn, stateOfB.joinedIn]).toEqual([undefined, 'rs', 'rs']);
  });

  test('shows chunks with its id, of whole messages and of streamed ones', () => {
    const { a, b, writer } = openTree();
    const stream = b.startMessage({ role: 'assistant', agent_name: 'Bob' });
    const shown = [
      ...a.add(say('I am a.')),
      ...stream.add([{ content: 'I am b.' }]),
      ...b.append(stream.closing({ incomplete: 'aborted' })),
    ];
    expect(shown.map(({ session_id, chunk_id }) => [session_id, chunk_id])).toEqual([
      ['a', 'a-1-0'],
      ['b', 'b-1-0'],
      ['b', 'b-1-1'],
    ]);
    expect(expandAll(writer.records)).toEqual(shown);
  });
});

describe('what a child spends', () => {
  test('is spent by all above it, but for steps, which are its own', () => {
    const { s, a, b, state } = openTree();
    s.append([asks, used]);
    a.append([asks, used, calls]);
    b.append([asks, used, asks, used, calls]);
    const spent = ['s', 'a', 'b'].map((id) => {
      const { steps, toolCalls, usage } = state.session(id)?.lastRun ?? {};
      return [id, steps, toolCalls, usage?.calls, usage?.inputTokens, usage?.outputTokens];
    });
    expect(spent).toEqual([
      ['s', 1, 4, 4, 40, 8],
      ['a', 1, 4, 3, 30, 6],
      ['b', 2, 2, 2, 20, 4],
    ]);
  });

  test('leaves the runs beside it alone', () => {
    const { journal, state, b } = openTree();
    journal.append([joins('c', 's'), { ...starts('rc'), session_id: 'c' } as Entry]);
    b.append([asks, used]);
    expect(state.session('c')?.lastRun?.usage.calls).toBe(0);
  });
});

describe('the words of a child', () => {
  test('are forgotten when its run ends, and come back from the journal as they were', () => {
    const { a, stateOfA, writer, state } = openTree();
    a.add(say('x'.repeat(10_000)));
    a.toolState.set('k', 1);
    const [before, history, weight] = [stateOfA.ledger.messages(), [...a.history()], state.weight];
    a.append([ends('ra')]);
    expect(stateOfA.isLoaded).toBe(false);
    expect(() => stateOfA.ledger).toThrow('The words of session "a" have not been loaded.');
    expect(state.weight).toBeLessThan(weight - 20_000);
    expect(readLedger('a', writer.records).messages()).toEqual(before);
    stateOfA.load(writer.records);
    expect(stateOfA.ledger.messages()).toEqual(before);
    expect([[...a.history()], a.toolState.get('k'), stateOfA.isLoaded]).toEqual([history, 1, true]);
  });

  test('are no weight any more, what its run came to is', () => {
    const { a, state } = openTree();
    a.add(say('x'.repeat(10_000)));
    const { weight } = state;
    const result = { status: 'completed', text: 'x'.repeat(30_000) } as const;
    a.append([{ ...ends('ra'), result } as Entry]);
    const left = state.weight - weight;
    expect(left).toBeGreaterThan(30_000 - 22_000);
    expect(left).toBeLessThan(30_000 - 18_000);
  });

  test('of its newest run only are at hand where a reader has not loaded the others', () => {
    const { a, stateOfA, writer } = openTree();
    a.add(say('first'));
    a.append([ends('ra')]);
    stateOfA.load(writer.records);
    a.append([starts('ra2'), added(user('u', 'second'))]);
    expect(texts(stateOfA)).toEqual(['first', 'second']);
    const read = replay(writer.records).session('a') as SessionState;
    expect([read.isLoaded, texts(read)]).toEqual([false, ['second']]);
    read.load(writer.records);
    expect([read.isLoaded, texts(read)]).toEqual([true, ['first', 'second']]);
  });

  test('are not those of its root, which stay', () => {
    const { s, state } = openTree();
    s.add(say('I am s.'));
    s.append([ends('rs')]);
    expect(texts(state.root)).toEqual(['I am s.']);
  });

  test('leave its guidance behind, which is still pending, and known to have been taken', () => {
    const { a, stateOfA, writer } = openTree();
    a.append([...a.guidance.queue('taken', 'One', {})]);
    a.beginModelCall({ model: 'm', node: 'root', message_id: 'm' });
    a.append([...a.guidance.queue('late', 'Two', {}), ends('ra')]);
    for (const child of [stateOfA, replay(writer.records).session('a') as SessionState]) {
      expect(child.guidance.list()).toMatchObject([{ guidance_id: 'late', content: 'Two' }]);
      expect(child.guidance.queue('taken', 'One', {})).toEqual([]);
      child.load(writer.records);
      expect(child.guidance.list()).toHaveLength(1);
    }
  });
});

describe('an entry of a session that never joined', () => {
  const header = { role: 'assistant', message_id: 'm', agent_name: 'x', session_id: 'nobody' } as const;
  test.each<[string, Entry]>([
    ['a message', added({ ...user('u', 'Hi'), session_id: 'nobody' })],
    ['a piece', { type: 'pieces', header, pieces: ['a'] }],
    ['a run', { ...starts('r'), session_id: 'nobody' } as Entry],
    ['a child of it', joins('c', 'nobody')],
  ])('(%s) is damage, and its place is told', (_, entry) => {
    const { journal } = openSession();
    journal.append([added(user('u0', 'Hi'))]);
    const message =
      'The journal of session "s" names session "nobody" at 2, which never joined it. Nothing was changed; restore the file from a copy.';
    expect(() => journal.append([entry])).toThrow(expect.objectContaining({ code: 'journal-damaged', message }));
  });
});
