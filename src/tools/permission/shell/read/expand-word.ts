import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import { markPatterns, marks, type Field } from '../field.ts';
import { expandBraces } from './expand-braces.ts';
import type { Variables } from './variables.ts';

/** What a word is expanded with. */
export interface Surroundings {
  readonly parse: (source: string) => ParsedScript;
  readonly variables: Variables;
  /** What `$1` and so on are, if that is known. */
  readonly positional: readonly Field[] | undefined;
  /** The folder of the command, for `$PWD`. */
  readonly folder: Field | undefined;
  /** What a substitution puts out; `undefined` where only running would tell. */
  readonly outputOf: (script: ParsedScript) => readonly string[] | undefined;
  /** A name for the file that `<(…)` stands for. */
  readonly fileOf: (script: ParsedScript) => Field;
}

const mostAlternatives = 64;

const anyText: Piece = { type: 'text', text: marks.variable };

/** A part of a word: text as it stands, text that is split at blanks, or whole fields. */
type Piece =
  | { readonly type: 'text' | 'split'; readonly text: Field }
  | { readonly type: 'fields'; readonly fields: readonly Field[] };

/** The fields a word may become: mostly one alternative with one field. */
export function expandWord(word: Word, around: Surroundings): readonly (readonly Field[])[] {
  if (word.parts?.some(({ type }) => type === 'BraceExpansion') === true) {
    const words = expandBraces(word.text);
    if (words.length > 1) return expandEach(words, around);
  }
  const parts = word.parts ?? [literal(word)];
  const pieces = product(
    parts.map((part) => piecesOf(part, 'bare', around)),
    anyText,
  );
  return pieces.map((one) => toFields(withHome(word, one, around)));
}

/** As one text, for assignments and targets of redirects, which are not split. */
export function expandText(word: Word, around: Surroundings): readonly Field[] {
  return expandWord(word, around).map((fields) => fields.join(' '));
}

/** Text that is expanded as if it stood in double quotes: the body of a here-document. */
export function expandQuoted(parts: readonly WordPart[], around: Surroundings): readonly Field[] {
  const pieces = product(
    parts.map((part) => piecesOf(part, 'quoted', around)),
    anyText,
  );
  return pieces.map((one) => toFields(one).join(' '));
}

/** Every way to take one of each. Of too many, some, and one with `unknown` in it. */
export function product<Item>(choices: readonly (readonly Item[])[], unknown: Item): readonly (readonly Item[])[] {
  let all: Item[][] = [[]];
  for (const choice of choices) {
    const [only] = choice;
    if (only !== undefined && choice.length === 1) {
      for (const one of all) one.push(only);
      continue;
    }
    const isTooMany = all.length * choice.length > mostAlternatives;
    const taken = isTooMany ? choice.slice(0, 1) : choice;
    const longer = all.flatMap((head) => taken.map((item) => [...head, item]));
    all = isTooMany ? [...longer, [...(all[0] ?? []), unknown]] : longer;
  }
  return all;
}

function expandEach(sources: readonly string[], around: Surroundings): readonly (readonly Field[])[] {
  const command = around.parse(`: ${sources.join(' ')}`).commands[0]?.command;
  const words = command?.type === 'Command' ? command.args.filter((arg) => arg.type === 'Word') : [];
  const each = words.map((word) => expandWord(word, around));
  return product(each, [marks.variable]).map((fields) => fields.flat());
}

function literal({ pos, end, value, text }: Word): WordPart {
  return { type: 'Literal', pos, end, value, text };
}

function piecesOf(part: WordPart, where: 'bare' | 'quoted', around: Surroundings): readonly Piece[] {
  const asText = (text: Field): Piece => ({ type: 'text', text });
  const asValue = (text: Field): Piece =>
    where === 'quoted' ? asText(text) : { type: 'split', text: markPatterns(separate(text, around)) };
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [asText(part.value)];
    case 'DoubleQuoted':
    case 'LocaleString':
      return product(
        part.parts.map((child) => piecesOf(child, 'quoted', around)),
        anyText,
      ).map(join);
    case 'Glob':
      return [asText(part.kind === 'star' ? marks.star : marks.one)];
    case 'ExtendedGlob':
      return [asText(marks.star)];
    case 'SimpleExpansion':
      return parameter(part.text.slice(1), around).map((value) =>
        typeof value === 'string' ? asValue(value) : { type: 'fields', fields: value },
      );
    case 'ParameterExpansion':
      return valuesOf(part, around).map((value) => {
        if (typeof value !== 'string') return { type: 'fields', fields: value };
        return part.index === undefined ? asValue(value) : { type: 'split', text: value };
      });
    case 'CommandExpansion': {
      const outputs = part.script === undefined ? undefined : around.outputOf(part.script);
      return (outputs ?? [marks.unknown]).map((text) => asValue(text.replace(/\n+$/, '')));
    }
    case 'ProcessSubstitution':
      return [asText(part.script === undefined ? marks.unknown : around.fileOf(part.script))];
    case 'ArithmeticExpansion':
    case 'BraceExpansion':
      return [asText(marks.unknown)];
    default:
      return part satisfies never;
  }
}

function valuesOf(part: ParameterExpansionPart, around: Surroundings): readonly (Field | readonly Field[])[] {
  const { parameter: name, prefix, operation } = part;
  if (prefix !== undefined) return [marks.unknown];
  if (operation === undefined) return parameter(name, around);
  if (operation.type !== 'Default') return [marks.unknown];
  const other = expandText(operation.operand, around);
  if (operation.operator.endsWith('=')) around.variables.set(name, other);
  if (operation.operator.endsWith('+')) return ['', ...other];
  return operation.operator.endsWith('?') ? parameter(name, around) : [...parameter(name, around), ...other];
}

function parameter(
  name: string,
  { variables, positional, folder }: Surroundings,
): readonly (Field | readonly Field[])[] {
  if (name === '@' || name === '*') return [positional ?? [marks.unknown]];
  if (/^[1-9]\d*$/.test(name)) return [positional === undefined ? marks.unknown : (positional[Number(name) - 1] ?? '')];
  if (name === 'PWD' && folder !== undefined && !variables.has(name)) return [folder];
  return variables.get(name);
}

/** What divides fields in place of blanks, as blanks. */
function separate(text: Field, { variables }: Surroundings): Field {
  if (!variables.has('IFS')) return text;
  const separators = variables.get('IFS').join('');
  return text.replaceAll(/./gs, (char) => (separators.includes(char) ? ' ' : char));
}

/** A text in double quotes is one field, but for `"$@"`. */
function join(pieces: readonly Piece[]): Piece {
  const fields = toFields([{ type: 'text', text: '' }, ...pieces]);
  return fields.length === 1 ? { type: 'text', text: fields[0] ?? '' } : { type: 'fields', fields };
}

function toFields(pieces: readonly Piece[]): readonly Field[] {
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

/** `~` where it stands for a home. */
function withHome({ text }: Word, pieces: readonly Piece[], { folder }: Surroundings): readonly Piece[] {
  const [first, ...rest] = pieces;
  const [, user, tail] = /^~([\w.+-]*)(.*)$/s.exec(first?.type === 'text' ? first.text : '') ?? [];
  if (user === undefined || tail === undefined || !text.startsWith('~')) return pieces;
  if (tail === '' ? rest.length > 0 : !tail.startsWith('/')) return pieces;
  const home =
    user === ''
      ? '/home/~'
      : user === 'root'
        ? '/root'
        : user === '+'
          ? (folder ?? marks.unknown)
          : user.startsWith('-')
            ? marks.unknown
            : `/home/${user}`;
  return [{ type: 'text', text: home + tail }, ...rest];
}
