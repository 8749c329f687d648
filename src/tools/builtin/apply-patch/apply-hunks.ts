import { selectLines } from '../select-lines.ts';
import { mistake, type Hunk } from './parse-patch.ts';

/** How alike lines must be, the strictest first. */
const likenesses: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
];

/**
 * A text with the hunks applied in their order, each behind the one before. Lines that stay keep their bytes; new ones get the
 * line break of the text's first line.
 *
 * @throws {SageError} `tool-error` for a hunk that is found nowhere, or in more than one place.
 */
export function applyHunks(text: string, hunks: readonly Hunk[], path: string): string {
  let rest = selectLines(text, 1, Infinity).lines;
  const lineBreak = rest[0]?.endsWith('\r\n') ? '\r\n' : '\n';
  const done: string[] = [];
  hunks.forEach((hunk, i) => {
    const at = findHunk(rest, hunk, `Hunk ${i + 1} of "${path}"`);
    done.push(...rest.slice(0, at));
    rest = rest.slice(at);
    for (const { type, text: line } of hunk.lines) {
      if (type === 'add') done.push(line + lineBreak);
      else if (type === 'keep') done.push(rest[0] ?? '');
      if (type !== 'add') rest = rest.slice(1);
    }
  });
  return join([...done, ...rest], lineBreak, text === '' || text.endsWith('\n'));
}

/** Only the last line may be without a break, and is so if it was. */
function join(lines: readonly string[], lineBreak: string, endsWithBreak: boolean): string {
  const all = lines.map((line) => (line.endsWith('\n') ? line : line + lineBreak)).join('');
  return endsWithBreak ? all : bare(all);
}

function findHunk(lines: readonly string[], hunk: Hunk, name: string): number {
  const before = hunk.lines.filter(({ type }) => type !== 'add').map(({ text }) => text);
  for (const like of likenesses) {
    const places = placesOf(
      lines.map((line) => like(bare(line))),
      before.map(like),
      { ...hunk, context: like(hunk.context) },
    );
    if (places.length > 1) {
      throw mistake(`${name} is in ${places.length} places. Give more lines around it, or a line above it after "@@"`);
    }
    if (places[0] !== undefined) return places[0];
  }
  throw mistake(`${name} is not in the file. Its lines must stand there, in this order: read the file again`);
}

/** A hunk that only adds stands behind its context, and without one at the end. */
function placesOf(
  lines: readonly string[],
  before: readonly string[],
  { context, isAtEnd }: Pick<Hunk, 'context' | 'isAtEnd'>,
): number[] {
  const from = context === '' ? 0 : lines.indexOf(context) + 1;
  if (context !== '' && from === 0) return [];
  if (before.length === 0) return [context === '' || isAtEnd ? lines.length : from];
  const last = lines.length - before.length;
  const all = Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => from + i);
  return all.filter((at) => (!isAtEnd || at === last) && before.every((line, i) => lines[at + i] === line));
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}
