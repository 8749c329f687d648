/** Some lines of a text, and how many it has. */
export interface SelectedLines {
  /** Each with its own line break; joined they are a part of the text. */
  readonly lines: readonly string[];
  readonly totalLines: number;
}

/**
 * The lines `first` to `last` of `text`, counted from 1, both included; those that are not there are left out.
 *
 * Only `\n`, alone or after `\r`, ends a line: neither form feed nor Unicode's separators do. A text that ends in a line
 * break has no empty line after it; an empty text has no line.
 */
export function selectLines(text: string, first: number, last: number): SelectedLines {
  const lines: string[] = [];
  let totalLines = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    totalLines += 1;
    if (totalLines >= first && totalLines <= last) lines.push(text.slice(start, end));
    start = end;
  }
  return { lines, totalLines };
}
