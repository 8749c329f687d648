import type { ParsedScript, Word, WordPart } from 'unbash';
import { markPatterns, marks, type Field } from '../field.ts';
import { expandBraces } from './expand-braces.ts';
import { valuesOf, valuesOfName } from './parameter-values.ts';
import { joinPieces, toFields, type Piece } from './pieces.ts';
import { oneOfTooMany, product } from './product.ts';
import type { Variables } from './variables.ts';

/** What a word is expanded with. */
export interface Surroundings {
  readonly parse: (source: string) => ParsedScript;
  readonly variables: Variables;
  /** The variables that have surely been given a value by now, in this shell. */
  readonly settled: ReadonlySet<string>;
  /** What `$1` and so on are, if that is known. */
  readonly positional: readonly Field[] | undefined;
  /** The folder of the command, for `$PWD`. */
  readonly folder: Field | undefined;
  /** What a substitution puts out; `undefined` where only running would tell. */
  readonly outputOf: (script: ParsedScript) => readonly string[] | undefined;
  /** A name for the file that `<(…)` stands for. */
  readonly fileOf: (script: ParsedScript) => Field;
}

const anyText: Piece = { type: 'text', text: oneOfTooMany };

/** The fields a word may become: mostly one alternative with one field. */
export function expandWord(word: Word, around: Surroundings): readonly (readonly Field[])[] {
  if (word.parts?.some(({ type }) => type === 'BraceExpansion') === true) {
    const words = expandBraces(word.text);
    // Where `sh` is not bash, braces are text.
    const asText = expandText(word, around).map((text) => [text]);
    if (words === undefined) return [...asText, [oneOfTooMany]];
    if (words.length > 1 || words[0] !== word.text) return [...asText, ...expandEach(words, around)];
  }
  return alternatives(word, 'bare', around).map(toFields);
}

/** As one text, for assignments and targets of redirects, which are not split. */
export function expandText(word: Word, around: Surroundings): readonly Field[] {
  return alternatives(word, 'quoted', around).map((pieces) => toFields(pieces).join(' '));
}

function alternatives(word: Word, where: 'bare' | 'quoted', around: Surroundings): readonly (readonly Piece[])[] {
  const parts = word.parts ?? [literal(word)];
  const pieces = product(
    parts.map((part) => piecesOf(part, where, around)),
    anyText,
  );
  return pieces.map((one) => withHome(word, one, around));
}

/** Text that is expanded as if it stood in double quotes: the body of a here-document. */
export function expandQuoted(parts: readonly WordPart[], around: Surroundings): readonly Field[] {
  const pieces = product(
    parts.map((part) => piecesOf(part, 'quoted', around)),
    anyText,
  );
  return pieces.map((one) => toFields(one).join(' '));
}

function expandEach(sources: readonly string[], around: Surroundings): readonly (readonly Field[])[] {
  const command = around.parse(`: ${sources.join(' ')}`).commands[0]?.command;
  const words = command?.type === 'Command' ? command.args.filter((arg) => arg.type === 'Word') : [];
  const each = words.map((word) => expandWord(word, around));
  return product(each, [oneOfTooMany]).map((fields) => fields.flat());
}

function literal({ pos, end, value, text }: Word): WordPart {
  return { type: 'Literal', pos, end, value, text };
}

function piecesOf(part: WordPart, where: 'bare' | 'quoted', around: Surroundings): readonly Piece[] {
  const asText = (text: Field): Piece => ({ type: 'text', text });
  const asValue = (text: Field): Piece =>
    where === 'quoted'
      ? asText(text.replaceAll(marks.words, marks.unknown))
      : { type: 'split', text: markPatterns(separate(text, around)).replaceAll(marks.unknown, marks.words) };
  const asFields = (fields: readonly Field[]): Piece => ({
    type: 'fields',
    fields: where === 'quoted' ? fields : fields.flatMap((field) => toFields([asValue(field)])),
  });
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
      ).map(joinPieces);
    case 'Glob':
      return [asText(part.kind === 'star' ? marks.star : marks.one)];
    case 'ExtendedGlob':
      return [asText(marks.star)];
    case 'SimpleExpansion':
      return valuesOfName(part.text.slice(1), around).map((value) =>
        typeof value === 'string' ? asValue(value) : asFields(value),
      );
    case 'ParameterExpansion':
      return valuesOf(part, around, (word) => expandText(word, around)).flatMap((value) => {
        if (typeof value !== 'string') return [asFields(value)];
        // All elements of an array are kept as one text.
        if (part.index !== undefined) return [{ type: 'split', text: value }, asText(marks.words)];
        // The text in it may have been quoted there.
        return part.operation !== undefined && /\s/.test(value) ? [asValue(value), asText(value)] : [asValue(value)];
      });
    case 'CommandExpansion': {
      const outputs = part.script === undefined ? undefined : around.outputOf(part.script);
      return (outputs ?? [marks.unknown]).map((text) => asValue(text.replace(/\n+$/, '')));
    }
    case 'ProcessSubstitution':
      return [asText(part.script === undefined ? marks.unknown : around.fileOf(part.script))];
    case 'ArithmeticExpansion':
      return [asText(marks.unknown)];
    case 'BraceExpansion':
      if (where === 'bare') return [asText(marks.words)];
      return [asText(part.parts === undefined ? part.text : marks.unknown)];
    default:
      return part satisfies never;
  }
}

/** What divides fields in place of blanks, as blanks. */
function separate(text: Field, { variables }: Surroundings): Field {
  if (!variables.has('IFS')) return text;
  const separators = variables.get('IFS').join('');
  return text.replaceAll(/./gs, (char) => (separators.includes(char) ? ' ' : char));
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
