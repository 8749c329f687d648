import { wordsOf } from './words.ts';

/** A piece of what was said or written before. */
export interface Note {
  /** Where it comes from, for whoever is shown it. */
  readonly source: string;
  readonly text: string;
}

/** Telling words of the query a note must have, where the query has as many. */
const leastWords = 2;
/** A word in a larger part of the notes than this tells them not apart. */
const commonShare = 0.3;

/** The notes that share the most telling words with the query, by BM25, the best first. */
export async function searchNotes(notes: readonly Note[], query: string, most: number): Promise<Note[]> {
  const asked = wordsOf(query);
  if (notes.length === 0 || asked.length === 0) return [];
  const mostCommon = Math.max(2, notes.length * commonShare);
  const has = notes.map(({ text }) => new Set(wordsOf(text)));
  const telling = asked.filter((word) => has.filter((words) => words.has(word)).length <= mostCommon);
  const { default: MiniSearch } = await import('minisearch');
  const index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'], tokenize: wordsOf });
  index.addAll(notes.map(({ text }, id) => ({ id, text })));
  const least = Math.min(leastWords, asked.length);
  const fitting = index.search(telling.join(' ')).filter(({ queryTerms }) => new Set(queryTerms).size >= least);
  return fitting.slice(0, most).flatMap(({ id }) => notes[Number(id)] ?? []);
}
