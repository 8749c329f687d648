import { wordsOf } from '../memory/words.ts';
import type { Tool } from './tool.ts';

/** Words from this length on also fit what begins with them: `deploy`, `deployment`. */
const leastStem = 4;
/** A word in a larger part of the descriptions than this tells the tools not apart, unless it stands in a name. */
const commonShare = 0.3;

/** Gives the names of the tools whose names and descriptions have words of a text, the best first. */
export type RankTools = (text: string) => readonly string[];

export async function createRanking(tools: readonly Tool[]): Promise<RankTools> {
  const { default: MiniSearch } = await import('minisearch');
  const index = new MiniSearch<{ name: string; words: string; description: string }>({
    idField: 'name',
    fields: ['words', 'description'],
    tokenize: wordsOf,
    searchOptions: { tokenize: (words) => words.split(' '), prefix: (term) => term.length >= leastStem },
  });
  // `read_csvFile` is three words.
  const words = (name: string) => name.replaceAll(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ');
  index.addAll(tools.map(({ name, description }) => ({ name, words: words(name), description })));

  const counts = new Map<string, number>();
  for (const word of tools.flatMap(({ description }) => wordsOf(description)))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const isCommon = (word: string) => (counts.get(word) ?? 0) > tools.length * commonShare;

  return (text) => {
    const asked = wordsOf(text);
    const telling = asked.filter((word) => !isCommon(word));
    const queries = [
      { queries: [asked.join(' ')], fields: ['words'], boost: { words: 3 } },
      { queries: [telling.join(' ')], fields: ['description'] },
    ];
    return index.search({ queries }).map(({ id }) => String(id));
  };
}
