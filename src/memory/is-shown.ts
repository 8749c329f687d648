import type { Note } from './note.ts';

/**
 * Whether one of the JSON texts of a history has all of the note, line by line: as it was told before, or as a tool has read or
 * written it, where it is JSON within JSON.
 */
export function isShown({ heading, text }: Note, history: readonly string[]): boolean {
  const lines = [heading, ...text.split('\n')].map((line) => line.trim()).filter((line) => line !== '');
  const forms = lines.map((line) => [escape(line), escape(escape(line))]);
  return history.some((message) => forms.every((form) => form.some((line) => message.includes(line))));
}

function escape(line: string): string {
  return JSON.stringify(line).slice(1, -1);
}
