import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleMessages } from '../../src/messages/assemble.ts';
import { isVisible } from '../../src/messages/visibility.ts';
import { fixedClock } from '../../src/testing/fixed.ts';
import { expandAll, openSession, replay } from './helpers.ts';
import { play, scripts } from './random-script.ts';

/** Everything a state says, as JSON. */
function tell({ ledger, view, lastRun, nextSeq, weight }: ReturnType<typeof replay>): unknown {
  return JSON.parse(
    JSON.stringify({
      messages: ledger.messages(),
      view: view.fragments(),
      guidance: ledger.guidance.list(),
      openCalls: [...ledger.openCalls].map(([id, { intended, settled, answered }]) => [
        id,
        [...intended],
        [...settled],
        [...answered],
      ]),
      toolState: [...ledger.state],
      lastRun: {
        ...lastRun,
        trace: lastRun?.trace.list(),
        state: [...(lastRun?.state ?? [])],
        replies: [...(lastRun?.replies ?? [])],
      },
      nextSeq,
      weight,
    }),
  );
}

describe('whatever has happened in a session', () => {
  test('its records fold to the state its owner had', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, state, writer } = openSession({ clock: fixedClock(0, 250) });
        play(session, script);
        expect(tell(replay(writer.records))).toEqual(tell(state));
      }),
      { numRuns: 500 },
    );
  });

  test('a reader of the journal makes the chunks its owner was shown', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, writer } = openSession({ clock: fixedClock(0, 250) });
        const shown = play(session, script).flat();
        expect(expandAll(writer.records)).toEqual(shown);
      }),
      { numRuns: 500 },
    );
  });

  test('its chunks, folded by a client, are the visible messages of its ledger', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, ledger, writer } = openSession({ clock: fixedClock(0, 250) });
        play(session, script);
        expect(assembleMessages(expandAll(writer.records))).toEqual(ledger.messages().filter(isVisible));
      }),
      { numRuns: 500 },
    );
  });

  test('the next owner, taking over at any point, goes on with the same chunks', () => {
    fc.assert(
      fc.property(scripts, fc.nat(40), (script, point) => {
        const { session, writer } = openSession();
        play(session, script);
        const before = writer.records.slice(0, point);
        const { state, journal } = openSession({ records: before });
        const rest = writer.records.slice(point);
        const shown = rest.flatMap(({ entries }) => journal.append(entries));
        expect(shown).toEqual(expandAll(writer.records).filter((chunk) => chunk.seq >= firstSeq(rest)));
        expect(tell(state)).toEqual(tell(replay(writer.records)));
      }),
      { numRuns: 500 },
    );
  });
});

function firstSeq([first]: readonly { readonly seq: number }[]): number {
  return first?.seq ?? Infinity;
}
