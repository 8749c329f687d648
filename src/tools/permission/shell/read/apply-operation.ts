import type { ParameterOperation, Word } from 'unbash';
import { isUnknown, marks, unmarkPatterns, type Field } from '../field.ts';
import { fittingLengths, patternOfField, patternOfSource, type TextPattern } from './text-pattern.ts';

/** Of a value that is replaced in; of a longer one only running would tell. */
const mostReplaced = 200;

/**
 * What `${name%text}` and the like make of a value, each way it may be; what only running would tell stays so. `expand` tells
 * what a word in the operation may be.
 */
export function applyOperation(
  given: Field,
  operation: ParameterOperation,
  expand: (word: Word) => readonly Field[],
): readonly Field[] {
  const unknown = given.includes(marks.variable) ? marks.variable : marks.unknown;
  if (isUnknown(given)) return [unknown];
  const value = unmarkPatterns(given);
  switch (operation.type) {
    case 'Remove':
      return patternsOf(operation.operand, expand).map((pattern) =>
        pattern === 'unknown' ? unknown : remove(value, pattern, operation.operator),
      );
    case 'Replace': {
      if (value.length > mostReplaced) return [unknown];
      const texts = expand(operation.replacement).map(unmarkPatterns);
      return patternsOf(operation.pattern, expand).flatMap((pattern) =>
        // Some shells put what was found in the place of `&`.
        texts.map((text) =>
          pattern === 'unknown' || text.includes('&') ? unknown : replace(value, pattern, text, operation.operator),
        ),
      );
    }
    case 'Slice': {
      const [offset, length] = [toNumber(operation.offset), toNumber(operation.length)];
      if (Number.isNaN(offset) || Number.isNaN(length)) return [unknown];
      const rest = value.slice(offset);
      return [length === undefined ? rest : rest.slice(0, length)];
    }
    case 'CaseModification': {
      const { operator } = operation;
      const change = (text: string) => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase());
      return [operator.length > 1 ? change(value) : change(value.slice(0, 1)) + value.slice(1)];
    }
    default:
      return [unknown];
  }
}

function patternsOf(word: Word, expand: (word: Word) => readonly Field[]): readonly (TextPattern | 'unknown')[] {
  // Classes of characters, and what only some shells read as a pattern.
  if (/\[[:.=]|[(|]/.test(word.text)) return ['unknown'];
  if (!/["'\\$`~]/.test(word.text)) return [patternOfSource(word.text)];
  return expand(word).map((field) => (isUnknown(field) ? 'unknown' : patternOfField(field)));
}

/** `#` takes from the begin, `%` from the end; two of them as much as fits. */
function remove(value: string, pattern: TextPattern, operator: string): string {
  const isEnd = operator.startsWith('%');
  const turn = <Item>(items: readonly Item[]): Item[] => (isEnd ? items.toReversed() : [...items]);
  const chars = turn(value.split(''));
  const lengths = fittingLengths(turn(pattern), chars);
  const length = (operator.length > 1 ? lengths.at(-1) : lengths[0]) ?? 0;
  return turn(chars.slice(length)).join('');
}

/** `/` takes the first place that fits, `//` all, `/#` only the begin, `/%` only the end; each as long as it can be. */
function replace(value: string, pattern: TextPattern, text: string, operator: string): string {
  const chars = value.split('');
  let done = '';
  for (let at = 0; at < chars.length;) {
    const fitting = fittingLengths(pattern, chars.slice(at)).filter(
      (length) => length > 0 && (operator !== '/%' || at + length === chars.length),
    );
    const length = fitting.at(-1);
    if (length !== undefined) {
      done += text;
      at += length;
      if (operator !== '//') return done + chars.slice(at).join('');
    } else {
      if (operator === '/#') return value;
      done += chars[at] ?? '';
      at += 1;
    }
  }
  return done;
}

/** `NaN` for what has to be calculated. */
function toNumber(word: Word | undefined): number | undefined {
  if (word === undefined) return undefined;
  return /^\s*-?\d+\s*$/.test(word.text) ? Number(word.text) : Number.NaN;
}
