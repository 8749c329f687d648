import type { Field } from '../field.ts';

/** A part of a word: text as it stands, text that is split at blanks, or whole fields. */
export type Piece =
  | { readonly type: 'text' | 'split'; readonly text: Field }
  | { readonly type: 'fields'; readonly fields: readonly Field[] };

/** A text in double quotes is one field, but for `"$@"`. */
export function joinPieces(pieces: readonly Piece[]): Piece {
  const fields = toFields([{ type: 'text', text: '' }, ...pieces]);
  return fields.length === 1 ? { type: 'text', text: fields[0] ?? '' } : { type: 'fields', fields };
}

export function toFields(pieces: readonly Piece[]): readonly Field[] {
  const done: Field[] = [];
  let open: Field | undefined;
  for (const piece of pieces) {
    const [first, ...more] =
      piece.type === 'fields' ? piece.fields : piece.type === 'split' ? piece.text.split(/[ \t\n]+/) : [piece.text];
    if (first === undefined || (piece.type === 'split' && piece.text === '')) continue;
    open = (open ?? '') + first;
    for (const field of more) {
      done.push(open);
      open = field;
    }
    // Blanks at an end divide, and are no fields themselves.
    if (piece.type === 'split' && open === '' && more.length > 0) open = undefined;
  }
  const all = open === undefined ? done : [...done, open];
  return pieces.some(({ type }) => type === 'split') ? all.filter((field) => field !== '') : all;
}
