import type { CommandPlace } from '../command.ts';
import { mayBeOption, type Field } from '../field.ts';
import { hasOption, readOptions } from '../read-options.ts';
import { isTame } from '../tame-variables.ts';
import { harmOfFind } from './find.ts';
import { harmOfGit } from './git.ts';
import { harmOfSed } from './sed.ts';

/** A program that only reads, if it is used as it should be. */
export interface Reader {
  /** Which of its arguments may be files it shows: all, those behind its first operand (a pattern), or none. */
  readonly reads: 'files' | 'after-first' | 'nothing';
  /** What it does with these arguments besides reading, as the end of a sentence: `with -o, which writes`. */
  readonly harm: (args: readonly Field[], place: CommandPlace) => string | undefined;
}

/** Nothing it can be told makes it write or run anything. */
const always = (reads: Reader['reads']): Reader => ({ reads, harm: () => undefined });

/** Options that make it write or run something, and how many operands it may have before the last one is written to. */
interface Guard {
  readonly letters?: string;
  readonly longs?: readonly string[];
  readonly valued?: string;
  readonly operands?: number;
}

function guarded(
  reads: Reader['reads'],
  { letters = '', longs = [], valued = '', operands = Infinity }: Guard,
): Reader {
  return {
    reads,
    harm(args) {
      const read = readOptions(args, { valued });
      if (args.some(mayBeMark)) return 'with what could be an option';
      if (hasOption(read.options, letters, ...longs)) return 'with an option that writes or runs something';
      return read.operands.length > operands ? 'with a file to write to' : undefined;
    },
  };
}

const files =
  'ls cat head tail wc grep egrep fgrep stat du df nl cut diff cmp comm fold fmt rev tac paste join md5sum sha1sum sha224sum ' +
  'sha256sum sha384sum sha512sum b2sum cksum sum strings hexdump od readlink realpath base64 zcat cd pushd column expand unexpand';
const nothing =
  'pwd echo true false : expr seq basename dirname whoami id groups logname uname arch nproc uptime free lscpu ' +
  'which type sleep wait exit return break continue popd dirs shift tr locale getconf cal pgrep tput';
const patternFirst = 'grep egrep fgrep';

/** Begins with what only running would tell: maybe an option. */
function mayBeMark(arg: Field): boolean {
  return mayBeOption(arg) && !arg.startsWith('-');
}

function table(names: string, reader: Reader): Record<string, Reader> {
  return Object.fromEntries(names.split(' ').map((name) => [name, reader]));
}

export const readers: Readonly<Record<string, Reader>> = {
  ...table(files, always('files')),
  ...table(nothing, always('nothing')),
  ...table(patternFirst, always('after-first')),
  // What they calculate may run commands.
  ...table('test [', {
    reads: 'nothing',
    harm: (args) => (args.some((arg) => /^-[vR]$/.test(arg)) ? 'with an index' : undefined),
  }),
  printf: {
    reads: 'nothing',
    harm: ([first = '']) => (/^-[^-]/.test(first) || mayBeMark(first) ? 'to set a variable' : undefined),
  },
  read: {
    reads: 'nothing',
    harm: (args) =>
      readOptions(args, { valued: 'dinNptu' }).operands.every(isTame) ? undefined : 'to set what programs obey',
  },
  sort: guarded('files', { letters: 'o', longs: ['output', 'compress-program'], valued: 'kStT' }),
  uniq: guarded('files', { operands: 1, valued: 'fsw' }),
  tree: guarded('files', { letters: 'oR', longs: ['output'], valued: 'LPIH' }),
  file: guarded('files', { letters: 'C', longs: ['compile'], valued: 'emFfP' }),
  xxd: guarded('files', { letters: 'r', longs: ['revert'], operands: 1, valued: 'clsognR' }),
  rg: guarded('after-first', {
    letters: 'z',
    longs: ['pre', 'pre-glob', 'hostname-bin', 'search-zip'],
    valued: 'eftTgABCmMjEr',
  }),
  fd: guarded('after-first', { letters: 'xX', longs: ['exec', 'exec-batch'], valued: 'eEtdSoc' }),
  hostname: guarded('nothing', { letters: 'bF', longs: ['file', 'boot'], operands: 0 }),
  date: {
    reads: 'nothing',
    harm(args) {
      const { options, operands } = readOptions(args, { valued: 'dr' });
      if (args.some(mayBeMark)) return 'with what could be an option';
      const sets = hasOption(options, 'sf', 'set', 'file') || operands.some((operand) => !operand.startsWith('+'));
      return sets ? 'so that it could set the clock' : undefined;
    },
  },
  ps: {
    reads: 'nothing',
    harm: (args, { isConfined }) =>
      !isConfined && args.some((arg) => !arg.startsWith('-') && arg.includes('e')) ? 'to show environments' : undefined,
  },
  jq: {
    reads: 'after-first',
    harm: (args, { isConfined }) =>
      args.some((arg) => mayBeOption(arg) && /^(-[a-zA-Z]*[fL]|--from-file|[^-])/.test(arg))
        ? 'with a program that is in a file'
        : !isConfined && args.some((arg) => /\benv\b|\$ENV/.test(arg))
          ? 'to show the environment'
          : undefined,
  },
  set: {
    reads: 'nothing',
    harm: (args) =>
      args.length > 0 && args.every((arg) => /^([-+][euxCfo]+|pipefail|errexit|nounset|xtrace)$/.test(arg))
        ? undefined
        : 'to show or change variables',
  },
  find: { reads: 'files', harm: harmOfFind },
  sed: { reads: 'after-first', harm: harmOfSed },
  git: { reads: 'files', harm: harmOfGit },
};
