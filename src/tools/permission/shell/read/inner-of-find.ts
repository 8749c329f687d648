import { marks, type Field } from '../field.ts';
import type { Inner } from './inner.ts';

/** Tests that let only some files through. */
const narrowing =
  /^-(i?name|i?path|i?wholename|i?regex|i?lname|[acm](time|min)|newer.*|size|empty|user|group|uid|gid|perm|links|inum|samefile|no(user|group)|used)$/;

/** A search as far as it matters what is done with what it finds. */
export interface FindSearch {
  /** Where it begins. */
  readonly roots: readonly Field[];
  /** Whether it finds all there is, or only some. */
  readonly finds: 'all' | 'some';
  readonly deletes: 'yes' | 'no';
  /** The commands it runs, with `{}` in them. */
  readonly commands: readonly (readonly Field[])[];
}

export function readFind(args: readonly Field[]): FindSearch {
  const options = args.findIndex((arg) => !/^-([HLPE]|O\d|D)$/.test(arg));
  const start = options === -1 ? args.length : options;
  const end = args.findIndex((arg, i) => i >= start && /^(-.+|[()!,])$/.test(arg));
  const roots = args.slice(start, end === -1 ? args.length : end);
  const expression = end === -1 ? [] : args.slice(end);
  const narrows = expression.some((arg, i) => narrowing.test(arg) && !/^[*\uE001]+$/.test(expression[i + 1] ?? ''));
  const commands = expression.flatMap((arg, i) => {
    if (!/^-(exec|ok)(dir)?$/.test(arg)) return [];
    const close = expression.findIndex(
      (one, j) => j > i && (one === ';' || (one === '+' && expression[j - 1] === '{}')),
    );
    return [expression.slice(i + 1, close === -1 ? expression.length : close)];
  });
  return {
    roots: roots.length === 0 ? ['.'] : roots,
    finds: narrows ? 'some' : 'all',
    deletes: expression.includes('-delete') ? 'yes' : 'no',
    commands,
  };
}

/** The commands that `find` runs, each with every place it begins at, or with something below it. */
export function innerOfFind(args: readonly Field[]): readonly Inner[] {
  const { roots, commands, finds } = readFind(args);
  return commands.flatMap((command) =>
    roots.map((root) => {
      const found = finds === 'all' ? root : `${root}/${marks.unknown}`;
      const fields = command.map((field) => field.replaceAll('{}', found));
      return { type: 'command', fields, assignments: [] } as const;
    }),
  );
}
