import type { Note } from './search-notes.ts';

const longest = 1_200;

/** A Markdown text as notes: by its headings and paragraphs, each paragraph under its heading. */
export function splitNotes(source: string, text: string): Note[] {
  let heading = '';
  const notes: Note[] = [];
  for (const block of text.split(/\n\s*\n|\n(?=#{1,6} )/)) {
    const trimmed = block.trim();
    if (trimmed === '') continue;
    const [first = '', ...rest] = trimmed.split('\n');
    const isHeading = /^#{1,6} /.test(first);
    if (isHeading) heading = first.replace(/^#+ /, '');
    const body = isHeading ? rest.join('\n').trim() : trimmed;
    if (body !== '') notes.push({ source, text: cut(heading === '' ? body : `${heading}: ${body}`) });
  }
  return notes;
}

export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
