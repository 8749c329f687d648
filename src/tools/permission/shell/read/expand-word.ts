import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import { markPatterns, marks, type Field } from '../field.ts';
import { expandBraces } from './expand-braces.ts';
import { joinPieces, toFields, type Piece } from './pieces.ts';
import { applyOperation } from './apply-operation.ts';
import { limited, oneOfTooMany, product } from './product.ts';
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

const anyText: Piece = { type: 'text', text: oneOfTooMany };

/** The fields a word may become: mostly one alternative with one field. */
export function expandWord(word: Word, around: Surroundings): readonly (readonly Field[])[] {
  if (word.parts?.some(({ type }) => type === 'BraceExpansion') === true) {
    const words = expandBraces(word.text);
    if (words === undefined) return [[oneOfTooMany]];
    if (words.length > 1 || words[0] !== word.text) return expandEach(words, around);
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
      ).map(joinPieces);
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
  if (prefix === '!' && operation === undefined && part.index === undefined)
    return parameter(name, around).flatMap((value) => (typeof value === 'string' ? namedBy(value, around) : []));
  if (prefix !== undefined) return [marks.unknown];
  if (operation === undefined) return parameter(name, around);
  if (operation.type !== 'Default') {
    const values = parameter(name, around);
    const expand = (word: Word): readonly Field[] => expandText(word, around);
    return limited(
      values.flatMap((value) =>
        typeof value === 'string' ? applyOperation(value, operation, expand) : [marks.unknown],
      ),
    );
  }
  const other = expandText(operation.operand, around);
  if (operation.operator.endsWith('=')) around.variables.set(name, other);
  if (operation.operator.endsWith('+')) return ['', ...other];
  return operation.operator.endsWith('?') ? parameter(name, around) : [...parameter(name, around), ...other];
}

/** `${!name}`. */
function namedBy(name: Field, around: Surroundings): readonly (Field | readonly Field[])[] {
  return /^\w+$/.test(name)
    ? parameter(name, around)
    : [name.includes(marks.variable) ? marks.variable : marks.unknown];
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
