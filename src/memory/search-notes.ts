import { showNote, type Note } from './note.ts';
import { wordsOf } from './words.ts';

/** Telling words of the query a note must have, where the query has as many. */
const leastWords = 2;
/** A word in a larger part of the notes than this tells them not apart. */
const commonShare = 0.3;
/** One in so few is never common. */
const fewTexts = 2;
/** One in no larger part than this is enough by itself. */
const rareShare = 0.1;

/**
 * The notes that share telling words with the query: those with the rarest first, and of equals the later ones. `beside` are
 * texts that are not searched: where there are few notes, they tell which words are common.
 *
 * Every text is read once and nothing is indexed: for one query that would take ten times as long.
 */
export function searchNotes(notes: readonly Note[], query: string, beside: readonly string[] = []): Note[] {
  const asked = new Set(wordsOf(query));
  if (notes.length === 0 || asked.size === 0) return [];
  const askedIn = (text: string) => wordsOf(text).filter((word) => asked.has(word));
  const shared = notes.map((note) => ({ note, words: askedIn(showNote(note)) }));
  const inNotes = countWords(shared.map(({ words }) => words));
  const inOthers = countWords(beside.map(askedIn));

  const isTelling = (word: string) => {
    const all = inNotes(word) + inOthers(word);
    const isRareInAll = all <= Math.max(fewTexts, (notes.length + beside.length) * commonShare);
    return isRareInAll || inNotes(word) <= notes.length * rareShare;
  };
  const isRare = (word: string) => inNotes(word) <= Math.ceil(notes.length * rareShare);
  const weigh = (words: readonly string[]) =>
    words.reduce((sum, word) => sum + Math.log(1 + notes.length / inNotes(word)), 0);

  const least = Math.min(leastWords, [...asked].filter(isTelling).length);
  return shared
    .map(({ note, words }, place) => ({ note, place, words: words.filter(isTelling) }))
    .filter(({ words }) => words.some(isRare) || (words.length > 0 && words.length >= least))
    .map((fitting) => ({ ...fitting, weight: weigh(fitting.words) }))
    .toSorted((one, other) => other.weight - one.weight || other.place - one.place)
    .map(({ note }) => note);
}

/** In how many of the texts a word stands. */
function countWords(texts: readonly (readonly string[])[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const word of texts.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => counts.get(word) ?? 0;
}
