import type { Field } from './field.ts';

/** A call of git, taken apart. */
export interface GitCall {
  /** Empty where there is none. */
  readonly subcommand: string;
  /** Behind the subcommand. */
  readonly rest: readonly Field[];
  /** Given with `-c`. */
  readonly settings: readonly Field[];
  /** Other options in front of the subcommand, without their values. */
  readonly options: readonly Field[];
  /** Given with `-C`. */
  readonly folders: readonly Field[];
}

const valued = ['-c', '-C', '--git-dir', '--work-tree', '--namespace', '--exec-path', '--config-env', '--super-prefix'];

export function readGit(args: readonly Field[]): GitCall {
  const settings: Field[] = [];
  const options: Field[] = [];
  const folders: Field[] = [];
  let at = 0;
  for (; at < args.length && (args[at] ?? '').startsWith('-'); at += 1) {
    const option = args[at] ?? '';
    const value = valued.includes(option) ? (args[(at += 1)] ?? '') : '';
    if (option === '-c' || option.startsWith('--config-env')) settings.push(value);
    else if (option === '-C') folders.push(value);
    else options.push(option);
  }
  return { subcommand: args[at] ?? '', rest: args.slice(at + 1), settings, options, folders };
}
