import type { Field } from './field.ts';

/** Which options of a command have a value that may be the next argument. */
export interface OptionShape {
  /** Letters. */
  readonly valued?: string;
  /** Long names without `--`. */
  readonly longValued?: readonly string[];
  /** Whether options end with the first operand, as with commands that run another. Default: `no`. */
  readonly endsAtOperand?: 'yes' | 'no';
}

export interface ReadOption {
  readonly form: 'letter' | 'long';
  /** Without dashes. */
  readonly name: string;
  readonly value?: Field;
}

export interface ReadArguments {
  readonly options: readonly ReadOption[];
  readonly operands: readonly Field[];
}

/** Takes arguments apart as getopt does: `-abc`, `-nVALUE`, `--name=value`, `--` before operands. */
export function readOptions(args: readonly Field[], shape: OptionShape = {}): ReadArguments {
  const { valued = '', longValued = [], endsAtOperand = 'no' } = shape;
  const options: ReadOption[] = [];
  const operands: Field[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') return { options, operands: [...operands, ...args.slice(i + 1)] };
    if (!arg.startsWith('-') || arg === '-') {
      if (endsAtOperand === 'yes') return { options, operands: args.slice(i) };
      operands.push(arg);
    } else if (arg.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
      if (value === undefined && longValued.includes(name)) options.push(toOption('long', name, args[(i += 1)]));
      else options.push(toOption('long', name, value));
    } else {
      const letters = arg.slice(1).split('');
      const at = letters.findIndex((letter) => valued.includes(letter));
      const flags = at === -1 ? letters : letters.slice(0, at);
      options.push(...flags.map((name) => toOption('letter', name)));
      if (at !== -1) {
        const attached = arg.slice(at + 2);
        options.push(toOption('letter', arg[at + 1] ?? '', attached === '' ? args[(i += 1)] : attached));
      }
    }
  }
  return { options, operands };
}

/** Whether an option is given: by its letter, or by its long name or a beginning of it, as getopt lets one shorten it. */
export function hasOption(options: readonly ReadOption[], letters: string, ...longs: readonly string[]): boolean {
  return options.some(({ form, name }) =>
    form === 'letter' ? letters.includes(name) : longs.some((long) => long.startsWith(name)),
  );
}

function toOption(form: ReadOption['form'], name: string, value?: Field): ReadOption {
  return value === undefined ? { form, name } : { form, name, value };
}
