import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageChunk } from '../../src/messages/message.ts';
import type { JournalState } from '../../src/session/journal-state.ts';
import type { JournalRecord } from '../../src/session/session-store.ts';
import { readLedger } from '../../src/session/read-ledger.ts';
import { restEntries } from '../../src/session/repair-pairs.ts';
import { Session } from '../../src/session/session.ts';
import type { SessionState } from '../../src/session/session-state.ts';
import { countingIds } from '../../src/testing/fixed.ts';
import { expandAll, openSession, replay } from './helpers.ts';
import { anyMove, createPlayer, type Move } from './random-script.ts';

/** Whom each works for: `s` is the root, and `c` works for a child. */
const parents = { a: 's', b: 's', c: 'a' } as const;
const children = ['a', 'b', 'c'] as const;
type Name = 's' | keyof typeof parents;

interface Scene {
  readonly who: Name;
  readonly move: Move;
}

const scenes: fc.Arbitrary<Scene[]> = fc.array(
  fc.record({ who: fc.constantFrom<Name>('s', ...children), move: anyMove }),
  { maxLength: 60, size: 'max' },
);

/** One who moves as the runtime lets a session move: in runs, with its words at hand, and at rest when a run ends. */
function createActor(state: SessionState, session: Session, readRecords: () => readonly JournalRecord[]) {
  const make = createPlayer(session);
  const begin = () => {
    if (!state.isLoaded) state.load(readRecords());
    make({ type: 'run', pick: 0, text: '' });
  };
  return (move: Move): void => {
    if (!state.isOpen) begin();
    if (move.type === 'end') session.append(restEntries(state.ledger, 'aborted', session.createId));
    make(move);
  };
}

function playTree(script: readonly Scene[]) {
  const { journal, state, writer } = openSession();
  for (const child of children) {
    const joined = { type: 'child_started', session_id: child, parent_id: parents[child], agent_id: 'x' } as const;
    journal.append([joined]);
  }
  const act = (name: Name) => {
    const own = state.session(name) as SessionState;
    const session = new Session(journal, own, { runId: 'r', createId: countingIds(name) });
    return createActor(own, session, () => writer.records);
  };
  const actors = { s: act('s'), a: act('a'), b: act('b'), c: act('c') };
  for (const { who, move } of script) actors[who](move);
  return { state, records: writer.records };
}

/** The same moves of one of them, in a journal of its own. */
function playAlone(name: Name, script: readonly Scene[]) {
  const { session, state, writer } = openSession({ createId: countingIds(name) });
  const act = createActor(state.root, session, () => []);
  for (const { who, move } of script) if (who === name) act(move);
  return { state, records: writer.records };
}

/** Without what tells that others were beside it. */
const bare = (messages: readonly Pick<MessageChunk, 'seq' | 'session_id'>[]) =>
  messages.map(({ seq: _seq, session_id: _session, ...message }) => message);

/** What is known of a session without its words. What others have spent for it is left out: for two of them nobody works. */
function tell({ guidance, lastRun }: SessionState, name: Name): unknown {
  const { steps, trace, state = [], replies = [], usage, toolCalls } = lastRun ?? {};
  const spent = name === 's' || name === 'a' ? {} : { usage, toolCalls };
  return { pending: guidance.list(), steps, trace: trace?.list(), state: [...state], replies: [...replies], ...spent };
}

const sessionOf = (tree: JournalState, name: Name) => tree.session(name) as SessionState;

describe('whatever children do beside each other', () => {
  const check = (look: (tree: ReturnType<typeof playTree>, alone: ReturnType<typeof playAlone>, name: Name) => void) =>
    fc.assert(
      fc.property(scenes, (script) => {
        const tree = playTree(script);
        for (const name of ['s', ...children] as const) look(tree, playAlone(name, script), name);
      }),
      { numRuns: 200 },
    );

  test('each has said in the tree what it would have said alone, and is shown the same history', () => {
    check(({ state, records }, alone, name) => {
      const own = sessionOf(state, name);
      const { ledger } = alone.state;
      if (!own.isLoaded) own.load(records);
      expect(bare(own.ledger.messages())).toEqual(bare(ledger.messages()));
      expect(own.ledger.messages().every(({ session_id }) => session_id === name)).toBe(true);
      expect(own.view.fragments()).toEqual(alone.state.view.fragments());
      expect([...own.ledger.state]).toEqual([...ledger.state]);
    });
  });

  test('the chunks of each are those it would have shown alone, under its id', () => {
    check(({ records }, alone, name) => {
      const own = expandAll(records).filter(({ session_id }) => session_id === name);
      expect(bare(own)).toEqual(bare(expandAll(alone.records)));
    });
  });

  test('a reader folds its guidance and its runs as its owner did, forgotten words or not', () => {
    check(({ state, records }, alone, name) => {
      const expected = tell(alone.state.root, name);
      expect([sessionOf(state, name), sessionOf(replay(records), name)].map((own) => tell(own, name))).toEqual([
        expected,
        expected,
      ]);
    });
  });

  test('the next owner, taking over at any point, shows the same chunks and finds the same words', () => {
    fc.assert(
      fc.property(scenes, fc.nat(60), (script, point) => {
        const { records } = playTree(script);
        const [before, rest] = [records.slice(0, point), records.slice(point)];
        const { journal, state } = openSession({ records: before });
        const shown = rest.flatMap(({ entries }) => journal.append(entries));
        const first = rest[0]?.seq ?? Infinity;
        expect(shown).toEqual(expandAll(records).filter(({ seq }) => seq >= first));
        for (const child of children) {
          const own = sessionOf(state, child);
          own.load(records);
          expect(own.ledger.messages()).toEqual(readLedger(child, records).messages());
        }
      }),
      { numRuns: 200 },
    );
  });
});
