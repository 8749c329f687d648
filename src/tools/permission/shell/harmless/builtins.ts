import { isLiteral, mayBeSeveral, type Field } from '../field.ts';
import { readOptions } from '../read-options.ts';
import { isTame } from '../tame-variables.ts';
import { harmOfUnseen } from './reader.ts';

const unary = /^-[b-hknpr-uwxzGLNOS]$/;
const binary = /^(=|==|!=|<|>|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** `-v` and `-R` look a variable up by its name, and run what stands in its index. */
export function harmOfTest(given: readonly Field[]): string | undefined {
  const args = given.at(-1) === ']' ? given.slice(0, -1) : given;
  if (args.some((arg) => /^-[vR]$/.test(arg))) return 'with an index';
  const isOperand = (arg: Field, i: number): boolean => {
    const before = args[i - 1] ?? '';
    const isPlaced = unary.test(before) || binary.test(before) || binary.test(args[i + 1] ?? '');
    return isLiteral(arg) || (!mayBeSeveral(arg) && (isPlaced || args.length === 1));
  };
  return args.every(isOperand) ? undefined : 'with what could be a test of an index';
}

/** `-v` and `%n` set a variable of any name. */
export function harmOfPrintf(args: readonly Field[]): string | undefined {
  const [format = ''] = args[0] === '--' ? args.slice(1) : args;
  const counts = /%[^%a-z]*[hjlqtz]*n/i.test(format.replaceAll('%%', ''));
  if (counts || args.some((arg) => arg.startsWith('-v'))) return 'to set a variable';
  return isLiteral(format) && isLiteral(args[0] ?? '') ? undefined : 'with what could set a variable';
}

export function harmOfRead(args: readonly Field[]): string | undefined {
  if (args.some(mayBeSeveral)) return 'with words that only running would tell';
  const { options, operands } = readOptions(args, { valued: 'adinNptu' });
  const arrays = options.filter(({ name }) => name === 'a').map(({ value = '' }) => value);
  return [...operands, ...arrays].every(isTame) ? harmOfUnseen(args) : 'to set what programs obey';
}

/** What the shell does from now on, and not what `$1` and all variables are. */
export function harmOfSet(args: readonly Field[]): string | undefined {
  const isPlain = args.every((arg) => /^([-+][euxCfo]+|pipefail|errexit|nounset|xtrace)$/.test(arg));
  return args.length > 0 && isPlain ? undefined : 'to show or change variables';
}
