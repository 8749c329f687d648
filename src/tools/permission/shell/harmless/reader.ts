import type { CommandPlace } from '../command.ts';
import { mayBeSeveral, mayBeUnseenOption, type Field } from '../field.ts';
import { hasOption, readOptions, type ReadOption } from '../read-options.ts';

/** A program that only reads, if it is used as it should be. */
export interface Reader {
  /** Which of its arguments may be files it shows: all, those behind its first operand (a pattern), or none. */
  readonly reads: 'files' | 'after-first' | 'nothing';
  /** What it does with these arguments besides reading, as the end of a sentence: `with -o, which writes`. */
  readonly harm: (args: readonly Field[], place: CommandPlace) => string | undefined;
}

/** Nothing it can be told makes it write or run anything. */
export const always = (reads: Reader['reads']): Reader => ({ reads, harm: () => undefined });

/** Options that make it write or run something, and how many operands it may have before the last one is written to. */
interface Guard {
  readonly letters?: string;
  readonly longs?: readonly string[];
  /** Letters of options that have a value. Only those that have one wherever the program comes from. */
  readonly valued?: string;
  readonly operands?: number;
}

export function guarded(
  reads: Reader['reads'],
  { letters = '', longs = [], valued = '', operands = Infinity }: Guard,
): Reader {
  return {
    reads,
    harm(args) {
      if (hasOption(possibleOptions(args, valued), letters, ...longs))
        return 'with an option that writes or runs something';
      const unseen = harmOfUnseen(args);
      if (unseen !== undefined) return unseen;
      // Some versions take no option for one behind an operand.
      const given = readOptions(args, { valued, endsAtOperand: 'yes' }).operands;
      const isTooMany = given.length > operands || (operands < Infinity && given.some(mayBeSeveral));
      return isTooMany ? 'with a file to write to' : undefined;
    },
  };
}

/**
 * Each option an argument gives if it is one, whatever stands before it: `--`, or an option that has a value in one version of a
 * program and none in another, hides nothing.
 */
export function possibleOptions(args: readonly Field[], valued = ''): readonly ReadOption[] {
  return args.flatMap((arg) => readOptions([arg], { valued }).options);
}

export function harmOfUnseen(args: readonly Field[]): string | undefined {
  return args.some(mayBeUnseenOption) ? 'with what could be an option' : undefined;
}
