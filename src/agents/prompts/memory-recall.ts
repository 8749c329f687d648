import type { Note } from '../../memory/search-notes.ts';

/** What the model is shown of what it may have forgotten. */
export function memoryRecallText({ notes }: { readonly notes: readonly Note[] }): string {
  const found = notes.map(({ source, text }) => `[${source}]\n${text}`).join('\n\n');
  return `<memory>\nFound in what was said and noted before; it may be out of date, and may not be about this:\n\n${found}\n</memory>`;
}
