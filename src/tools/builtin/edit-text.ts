import { SageError } from '../../errors.ts';
import { selectLines } from './select-lines.ts';

/** One change of a text. */
export type TextEdit =
  | {
      readonly update_mode: 'search_replace';
      readonly search_pattern: string;
      readonly replacement: string;
      readonly replace_all: boolean;
    }
  | {
      readonly update_mode: 'line_range';
      /** From 1. */
      readonly start_line: number;
      /** Included. One before `start_line` inserts there. */
      readonly end_line: number;
      readonly replacement: string;
    };

export interface EditedText {
  readonly text: string;
  readonly replacements: number;
}

/** Line numbers of matches that are told. */
const mostTold = 10;

/**
 * Applies one change. Nothing outside of it is touched, not a byte; what it brings gets the line breaks that the text has
 * where the change is.
 *
 * @throws {SageError} `tool-error` for text that is not there, or is there more than once, and lines that do not exist.
 */
export function editText(text: string, edit: TextEdit): EditedText {
  return edit.update_mode === 'search_replace' ? replaceText(text, edit) : replaceLines(text, edit);
}

function replaceText(text: string, edit: Extract<TextEdit, { update_mode: 'search_replace' }>): EditedText {
  const { search_pattern, replacement, replace_all } = edit;
  // What a model writes has \n; in a file with \r\n it means those.
  const breaks = [search_pattern, search_pattern.replaceAll(/\r?\n/g, '\r\n')].find((pattern) =>
    text.includes(pattern),
  );
  if (breaks === undefined) {
    throw mistake(
      'NO_MATCH: search_pattern is not in the text. It must be there exactly, with its spaces and line breaks: read the file again.',
    );
  }
  const places = placesOf(text, breaks);
  if (places.length > 1 && !replace_all) {
    const lines = places.slice(0, mostTold).map((place) => lineAt(text, place));
    const more = places.length > mostTold ? ', …' : '';
    throw mistake(
      `MULTIPLE_MATCHES: search_pattern is there ${places.length} times, in lines ${lines.join(', ')}${more}. Give more of the text around the one you mean, or replace_all.`,
    );
  }
  const usesCrlf =
    breaks !== search_pattern ||
    (breaks.includes('\n') ? breaks.includes('\r\n') : hasCrlfAround(text, places[0] ?? 0));
  const brought = usesCrlf ? toCrlf(replacement) : replacement;
  return { text: text.split(breaks).join(brought), replacements: places.length };
}

function replaceLines(text: string, edit: Extract<TextEdit, { update_mode: 'line_range' }>): EditedText {
  const { start_line, end_line, replacement } = edit;
  const { lines, totalLines } = selectLines(text, 1, Infinity);
  const isInsertion = end_line === start_line - 1;
  const last = isInsertion ? totalLines + 1 : totalLines;
  if (start_line > last || end_line > totalLines || end_line < start_line - 1) {
    throw mistake(`Lines ${start_line} to ${end_line} do not exist: the text has ${totalLines} lines.`);
  }
  const [before, after] = [lines.slice(0, start_line - 1).join(''), lines.slice(end_line).join('')];
  const near = lines[start_line - 1] ?? lines.at(-1) ?? '';
  const brought = near.endsWith('\r\n') ? toCrlf(replacement) : replacement;
  const lineBreak = near.endsWith('\r\n') ? '\r\n' : '\n';
  // A line that stays must not grow together with what is put before it.
  const closing = brought !== '' && after !== '' && !brought.endsWith('\n') ? lineBreak : '';
  const opening = brought !== '' && before !== '' && !before.endsWith('\n') ? lineBreak : '';
  // The last line keeps having a line break, or having none.
  const kept =
    brought !== '' && after === '' && !isInsertion && lines.at(-1)?.endsWith('\n') && !brought.endsWith('\n')
      ? lineBreak
      : '';
  return { text: before + opening + brought + closing + kept + after, replacements: 1 };
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) places.push(at);
  return places;
}

function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length;
}

function hasCrlfAround(text: string, place: number): boolean {
  const next = text.indexOf('\n', place);
  const newline = next === -1 ? text.lastIndexOf('\n', place) : next;
  return newline > 0 && text[newline - 1] === '\r';
}

function toCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}

function mistake(message: string): SageError {
  return new SageError('tool-error', message, { tool: 'file_update' });
}
