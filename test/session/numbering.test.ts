import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isVisible } from '../../src/messages/visibility.ts';
import { numbersOf } from '../support/memory-writer.ts';
import { expandAll, openSession } from './helpers.ts';
import { play, scripts } from './random-script.ts';

describe('whatever has happened in a session', () => {
  test('its entries are numbered from 1, one after the other, without a gap', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, writer } = openSession();
        play(session, script);
        const numbers = writer.records.flatMap(numbersOf);
        expect(numbers).toEqual(numbers.map((_, place) => place + 1));
        expect(session.nextSeq).toBe(numbers.length + 1);
      }),
    );
  });

  test('its chunks carry the numbers of their entries, each greater than the one before', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, writer } = openSession();
        play(session, script);
        const numbers = expandAll(writer.records).map(({ seq }) => seq);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        for (const record of writer.records) {
          const own = expandAll(writer.records).filter(({ seq }) => numbersOf(record).includes(seq));
          for (const { timestamp } of own) expect(timestamp).toBe(record.at);
        }
      }),
    );
  });

  test('the chunks of a message count up from 0, and only its last one is final', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const { session, ledger, writer } = openSession();
        play(session, script);
        const chunks = expandAll(writer.records);
        for (const { message_id } of ledger.messages().filter(isVisible)) {
          const own = chunks.filter((chunk) => chunk.message_id === message_id);
          expect(own.map(({ chunk_id }) => chunk_id)).toEqual(own.map((_, place) => `${message_id}-${place}`));
          expect(own.slice(0, -1).filter(({ is_final }) => is_final)).toEqual([]);
          const isOpen = [...ledger.drafts.values()].some(({ header }) => header.message_id === message_id);
          expect(own.at(-1)?.is_final).toBe(!isOpen);
        }
      }),
    );
  });
});
