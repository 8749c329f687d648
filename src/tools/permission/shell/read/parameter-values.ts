import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash';
import { marks, mayBeSeveral, type Field } from '../field.ts';
import { applyOperation } from './apply-operation.ts';
import type { Surroundings } from './expand-word.ts';
import { limited } from './product.ts';

type Value = Field | readonly Field[];

/** What `${…}` may stand for. `expand` gives the texts of a word in it. */
export function valuesOf(
  part: ParameterExpansionPart,
  around: Surroundings,
  expand: (word: Word) => readonly Field[],
): readonly Value[] {
  const { parameter: name, prefix, operation } = part;
  if (prefix === '#') return [marks.unknown];
  // The value of another variable, or of one that has its name in the environment.
  if (prefix === '!') {
    const names = operation === undefined && part.index === undefined ? valuesOfName(name, around) : [];
    const known = names.flatMap((one) =>
      typeof one === 'string' && /^\w+$/.test(one) ? valuesOfName(one, around) : [],
    );
    return [...known, marks.variable];
  }
  const values = valuesOfName(name, around);
  if (operation === undefined) return values;
  const others = operandsOf(operation).flatMap(expand);
  const secret = [...values.flat(), ...others].find((text) => text.includes(marks.variable));
  if (operation.type !== 'Default') {
    const made = values.flatMap((value) =>
      typeof value === 'string' ? applyOperation(value, operation, expand) : [marks.unknown],
    );
    return limited(secret === undefined ? made : [...made, marks.variable]);
  }
  if (operation.operator.endsWith('=')) around.variables.set(name, others);
  if (operation.operator.endsWith('+')) return ['', ...others];
  const given = operation.operator.startsWith(':') ? values.filter((value) => value !== '') : values;
  // With `?` the other text is put out as an error.
  if (operation.operator.endsWith('?')) return [...given, ...others.filter((text) => text.includes(marks.variable))];
  return [...given, ...others];
}

function operandsOf(operation: ParameterOperation): readonly Word[] {
  switch (operation.type) {
    case 'Default':
    case 'Remove':
      return [operation.operand];
    case 'Replace':
      return [operation.pattern, operation.replacement];
    default:
      return [];
  }
}

/** What `$name` may stand for: a text, or the fields of all arguments. */
export function valuesOfName(name: string, around: Surroundings): readonly Value[] {
  const { variables, settled, positional, folder } = around;
  if (name === '@') return [positional ?? [marks.words]];
  // In quotes it is one text.
  if (name === '*') return positional === undefined ? [[marks.words]] : [positional, positional.join(' ')];
  if (/^[1-9]\d*$/.test(name)) {
    const before = positional?.slice(0, Number(name));
    if (before === undefined) return [marks.unknown];
    // Those that may be several words move the ones behind them.
    const isMoved = before.some(mayBeSeveral);
    return [before[Number(name) - 1] ?? '', ...(isMoved ? [marks.unknown] : [])];
  }
  if (name === 'PWD' && folder !== undefined && !variables.has(name)) return [folder];
  // It may still have the value that comes with the environment, or none.
  return !variables.has(name) || settled.has(name) ? variables.get(name) : [...variables.get(name), marks.variable];
}
