import { marks, type Field } from '../field.ts';
import { joined, limited } from './product.ts';

/** What everybody has, in words that are as good as the real ones for judging. Some shells and some machines do not set all. */
const known: Readonly<Record<string, string | readonly string[]>> = {
  'HOME': '/home/~',
  'IFS': ' \t\n',
  'TMPDIR': '/tmp',
  'USER': ['user', ''],
  'LOGNAME': ['user', ''],
  'SHELL': ['/bin/sh', ''],
  'UID': ['1000', ''],
  'EUID': ['1000', ''],
  'RANDOM': ['4711', ''],
  'LINENO': ['1', ''],
  'SECONDS': ['1', ''],
  '?': '0',
  '#': '0',
  '$': '4711',
  '!': ['4712', ''],
  '-': ['', 'hBc'],
  '_': marks.unknown,
  '0': 'sh',
};

/**
 * Every value a variable is given anywhere in a line. In which order, and whether at all, only running would tell: a command is
 * judged with each of them.
 */
export class Variables {
  readonly #values = new Map<string, Set<Field>>();
  /** The names of those that are given beside the line: shells that it starts have them too. */
  readonly given: ReadonlySet<string>;

  constructor(given: Readonly<Record<string, string>> = {}) {
    this.given = new Set(Object.keys(given));
    for (const [name, value] of Object.entries(given)) this.set(name, [value]);
  }

  set(name: string, values: readonly Field[], how: 'replace' | 'append' = 'replace'): void {
    const old = this.#values.get(name) ?? new Set();
    const added = how === 'replace' ? values : joined([[...old, ''], values]);
    this.#values.set(name, new Set(limited([...old, ...added])));
  }

  get(name: string): readonly Field[] {
    const set = [...(this.#values.get(name) ?? [])];
    const outer = Object.hasOwn(known, name) ? [known[name] ?? ''].flat() : [];
    if (set.length === 0 && outer.length === 0) return [marks.variable];
    // Another part of the line may still see the one that everybody has.
    return [...set, ...outer];
  }

  /** Whether the line gives it a value. */
  has(name: string): boolean {
    return this.#values.has(name);
  }
}
