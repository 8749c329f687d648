import { marks, type Field } from '../field.ts';

type Token = 'any' | ((char: string) => boolean);

/** A pattern of the shell, for parts of a text. Takes no more time than text and pattern are long, each times the other. */
export type TextPattern = readonly Token[];

/** Of a word without quotes and expansions, as it is written. */
export function patternOfSource(source: string): TextPattern {
  return [...source.matchAll(/\[[!^]?\]?[^\]]*\]|./gs)].map(([piece]) => {
    if (piece === '*') return 'any';
    if (piece === '?') return () => true;
    return piece.length > 1 && piece.startsWith('[') ? oneOf(piece.slice(1, -1)) : (char) => char === piece;
  });
}

/** Of a word that has been expanded. */
export function patternOfField(field: Field): TextPattern {
  return field.split('').map((mark) => {
    if (mark === marks.star) return 'any';
    return mark === marks.one ? () => true : (char) => char === mark;
  });
}

/** How long the beginnings of a text are that a pattern fits, in characters, the shortest first. */
export function fittingLengths(pattern: TextPattern, text: readonly string[]): readonly number[] {
  let ends = new Set([0]);
  for (const token of pattern) {
    const next = new Set<number>();
    if (token === 'any') {
      for (let end = Math.min(...ends); end <= text.length; end += 1) next.add(end);
    } else {
      for (const end of ends) if (end < text.length && token(text[end] ?? '')) next.add(end + 1);
    }
    ends = next;
    if (ends.size === 0) return [];
  }
  return [...ends].sort((a, b) => a - b);
}

function oneOf(inner: string): (char: string) => boolean {
  const isNot = /^[!^]/.test(inner);
  const ranges = [...inner.replace(/^[!^]/, '').matchAll(/(.)-(.)|./gs)];
  return (char) => ranges.some(([one, from = one, to = one]) => from <= char && char <= to) !== isNot;
}
