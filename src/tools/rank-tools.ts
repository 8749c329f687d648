import { wordsOf } from '../memory/words.ts';
import type { Tool } from './tool.ts';

/** Words from this length on also fit what begins with them: `deploy`, `deployment`. */
const leastStem = 4;

/** Names of the tools whose names and descriptions have words of the query, the best first. */
export async function rankTools(tools: readonly Tool[], query: string): Promise<string[]> {
  const asked = wordsOf(query);
  if (asked.length === 0) return [];
  const { default: MiniSearch } = await import('minisearch');
  const index = new MiniSearch<{ name: string; words: string; description: string }>({
    idField: 'name',
    fields: ['words', 'description'],
    tokenize: wordsOf,
    searchOptions: { boost: { words: 3 }, prefix: (term) => term.length >= leastStem },
  });
  // `read_csvFile` is three words.
  const words = (name: string) => name.replaceAll(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ');
  index.addAll(tools.map(({ name, description }) => ({ name, words: words(name), description })));
  return index.search(asked.join(' ')).map(({ id }) => String(id));
}
