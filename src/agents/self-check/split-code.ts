/** A Markdown text, its code apart from what it says. */
export interface SplitText {
  /** Where a piece of code stood in a line, there is one backtick. */
  readonly prose: string;
  /** What stands between backticks in the prose. */
  readonly spans: readonly string[];
  /** Whether a block of code was begun, at the margin, and has no end. */
  readonly isOpen: boolean;
}

/** Behind what may stand before it in a quotation or a list: a fence, and no code in the same line. */
const opening = /^([ \t]*(?:>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}(?=[^`]*$)|~{3,})/;
const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/;
const indented = /^(?: {4}|\t)(?!\s*(?:[-*+]|\d{1,9}[.)])[ \t])/;

/** Line by line: a text of any length takes time in proportion to it. */
export function splitCode(text: string): SplitText {
  const prose: string[] = [];
  const spans: string[] = [];
  let fence: string | undefined;
  let isAtMargin = false;
  let fences = 0;
  let mayIndent = true;
  for (const line of text.split(/\r?\n/)) {
    const [, before = '', begun] = opening.exec(line) ?? [];
    if (begun !== undefined) fences += 1;
    if (fence !== undefined) {
      if (closing.exec(line)?.[1]?.startsWith(fence) === true) fence = undefined;
    } else if (begun !== undefined) {
      fence = begun;
      isAtMargin = /^ {0,3}$/.test(before);
    } else if (mayIndent && indented.test(line)) {
      continue;
    } else prose.push(takeSpans(line, spans));
    mayIndent = line.trim() === '';
  }
  // With an even number of them it is blocks within a block that are wrong, if anything is.
  const isOpen = fence !== undefined && isAtMargin && fences % 2 === 1;
  return { prose: prose.join('\n'), spans, isOpen };
}

/** The line with its code taken out into `spans`: it ends at as many backticks as it began with. */
function takeSpans(line: string, spans: string[]): string {
  const pieces = line.split(/(`+)/);
  const last = new Map(pieces.map((piece, place) => [piece, place]));
  let prose = '';
  for (let place = 0; place < pieces.length; place += 1) {
    const piece = pieces[place] ?? '';
    if (place % 2 === 0 || last.get(piece) === place) {
      prose += piece;
      continue;
    }
    const end = pieces.indexOf(piece, place + 1);
    spans.push(
      pieces
        .slice(place + 1, end)
        .join('')
        .trim(),
    );
    prose += '`';
    place = end;
  }
  return prose;
}
