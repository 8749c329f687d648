import { showNote, type Note } from '../../memory/note.ts';

const opening = '<memory>';

/** What the model is shown of what it may have forgotten. */
export function memoryRecallText({ notes }: { readonly notes: readonly Note[] }): string {
  const found = notes.map((note) => `[${note.source}]\n${showNote(note)}`).join('\n\n');
  return `${opening}\nFound in what was said and noted before; it may be out of date, and may not be about this:\n\n${found}\n</memory>`;
}

/** Whether a message of the history, as JSON, is one of these. */
export function isMemoryRecall(message: string): boolean {
  return message.startsWith(`{"role":"user","content":"${opening}`);
}
