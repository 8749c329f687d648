import { textOf, type Message } from '../messages/message.ts';
import { isForReadersOnly, isVisible } from '../messages/visibility.ts';
import type { Note } from './note.ts';
import { splitText } from './split-text.ts';

/** Turns of the user that the model has before its eyes anyway. */
const recentTurns = 10;
/** Older ones that are searched, the newest first. */
const mostTurns = 200;
/** Of one turn, and of all. */
const most = { ofTurn: 20_000, ofAll: 300_000 };

/** A conversation up to what the user says now: the older turns as notes, in their order, and the texts of the recent ones. */
export interface Turns {
  readonly older: readonly Note[];
  readonly recent: readonly string[];
}

/** A turn is what the user said with what was answered, without what tools and hidden messages said. */
export function splitTurns(messages: readonly Message[]): Turns {
  const said = messages.filter(
    (message) => isVisible(message) && !isForReadersOnly(message) && message.role !== 'tool',
  );
  const begins = said.flatMap(({ role }, place) => (role === 'user' ? [place] : []));
  const firstRecent = Math.max(0, begins.length - recentTurns);
  const textOfTurn = (turn: number) => {
    const texts = said.slice(begins[turn], begins[turn + 1]).map(textOf);
    const text = texts.filter((one) => one !== '').join('\n');
    // Half a sign at its end would be no text that a provider takes.
    return text.slice(0, most.ofTurn).toWellFormed();
  };
  const older: Note[][] = [];
  let left = most.ofAll;
  for (let turn = firstRecent - 1; turn >= Math.max(0, firstRecent - mostTurns) && left > 0; turn -= 1) {
    const text = textOfTurn(turn);
    left -= text.length;
    older.unshift(splitText(text).map((piece) => ({ source: `turn ${turn + 1}`, heading: '', text: piece })));
  }
  return { older: older.flat(), recent: begins.slice(firstRecent).map((_, place) => textOfTurn(firstRecent + place)) };
}
