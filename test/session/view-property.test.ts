import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restEntries } from '../../src/session/repair-pairs.ts';
import { openSession } from './helpers.ts';
import { play, scripts } from './random-script.ts';

interface Shown {
  readonly role: string;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string }[];
}

describe('whatever has happened in a session, the history a model is shown', () => {
  test('only grows: its bytes are those it had, and more', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session } = openSession();
        let before: readonly string[] = [];
        play(session, script, () => {
          const now = [...session.history()];
          expect(now.slice(0, before.length)).toEqual(before);
          before = now;
        });
      }),
      { numRuns: 500 },
    );
  });

  test('is the same whether it was looked at often or once', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const [often, once] = [openSession(), openSession()];
        play(often.session, script, () => often.session.history());
        play(once.session, script);
        expect(once.session.history()).toEqual(often.session.history());
      }),
      { numRuns: 500 },
    );
  });

  test('has every call with its result right behind it, in call order, and no result alone', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session } = openSession();
        play(session, script);
        const messages = session.history().map((text) => JSON.parse(text) as Shown);
        const results = messages.flatMap(({ role, tool_call_id }) => (role === 'tool' ? [tool_call_id] : []));
        const asked = messages.flatMap(({ tool_calls = [] }, place) => {
          const behind = messages.slice(place + 1, place + 1 + tool_calls.length);
          expect(behind.map(({ tool_call_id }) => tool_call_id)).toEqual(tool_calls.map(({ id }) => id));
          return tool_calls.map(({ id }) => id);
        });
        expect(results).toEqual(asked);
      }),
      { numRuns: 500 },
    );
  });

  test('holds every call that was made once the session has come to rest', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, ledger } = openSession();
        play(session, script);
        session.append(restEntries(ledger, 'crashed', session.createId));
        expect([ledger.drafts.size, ledger.openCalls.size]).toEqual([0, 0]);
        const shown = session.history().flatMap((text) => (JSON.parse(text) as Shown).tool_calls ?? []);
        const whole = ledger.messages().filter(({ metadata }) => metadata?.['incomplete'] === undefined);
        expect(shown).toHaveLength(whole.flatMap(({ tool_calls = [] }) => tool_calls).length);
      }),
      { numRuns: 500 },
    );
  });
});
