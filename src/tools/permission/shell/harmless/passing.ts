import { mayBeSeveral, type Field } from '../field.ts';
import { readOptions } from '../read-options.ts';
import { wrappers } from '../read/wrappers.ts';
import { harmOfUnseen } from './reader.ts';

/** Run another command, which is judged by itself, and do nothing else with these options. */
const passing: Readonly<Record<string, string>> = {
  env: 'iu',
  nice: 'n0123456789',
  timeout: 'ksv',
  time: 'pv',
  stdbuf: 'ioe',
  nohup: '',
  command: 'p',
  builtin: '',
  exec: '',
  xargs: '0rtnLPIsd',
};

export function isPassing(name: string): boolean {
  return Object.hasOwn(passing, name);
}

/** What such a command does besides running another. Where that one begins must be told by its own arguments alone. */
export function harmOfPassing(name: string, args: readonly Field[]): string | undefined {
  const { options, operands } = readOptions(args, { ...wrappers[name], endsAtOperand: 'yes' });
  const isKnown = options.every(
    ({ form, name: letter }) => form === 'letter' && passing[name]?.includes(letter) === true,
  );
  if (!isKnown) return 'with an option that is not known only to read';
  const first = wrappers[name]?.operands ?? 0;
  const at = operands.findIndex((field, i) => i >= first && !/^[A-Za-z_]\w*=/.test(field));
  const own = args.slice(0, args.length - operands.length + at);
  if (own.some(mayBeSeveral)) return 'with words that only running would tell';
  const isUnset = (value: Field): boolean => /^\w+$/.test(value);
  if (name === 'env' && !options.every(({ value }) => value === undefined || isUnset(value)))
    return 'with a strange name';
  return harmOfUnseen(own);
}
