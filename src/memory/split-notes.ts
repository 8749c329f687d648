import type { Note } from './note.ts';
import { splitText } from './split-text.ts';

/** A Markdown text as notes: by its headings and paragraphs, each paragraph under its heading. */
export function splitNotes(source: string, text: string): Note[] {
  let heading = '';
  const notes: Note[] = [];
  for (const block of text.split(/\n\s*\n|\n(?=#{1,6} )/)) {
    const trimmed = block.trim();
    const [first = '', ...rest] = trimmed.split('\n');
    const isHeading = /^#{1,6} /.test(first);
    if (isHeading) heading = first.replace(/^#+ /, '');
    const pieces = splitText(isHeading ? rest.join('\n') : trimmed);
    notes.push(...pieces.map((piece) => ({ source, heading, text: piece })));
  }
  return notes;
}
