import { isLiteral, isUnknown, mayBeSeveral, type Field } from '../field.ts';
import { hasOption, readOptions } from '../read-options.ts';
import { harmOfPrintf, harmOfRead, harmOfSet, harmOfTest } from './builtins.ts';
import { harmOfFind } from './find.ts';
import { harmOfGit } from './git.ts';
import { always, guarded, harmOfUnseen, possibleOptions, type Reader } from './reader.ts';
import { harmOfSed } from './sed.ts';

const files =
  'ls cat head tail wc stat du df nl cut diff cmp comm fold fmt rev tac paste join md5sum sha1sum sha224sum sha256sum ' +
  'sha384sum sha512sum b2sum cksum sum strings hexdump od readlink realpath zcat cd pushd column expand unexpand';
const nothing =
  'pwd echo true false : expr seq basename dirname whoami id groups logname uname nproc uptime free lscpu ' +
  'which type sleep exit return break continue popd dirs shift tr locale getconf cal pgrep';

function table(names: string, reader: Reader): Record<string, Reader> {
  return Object.fromEntries(names.split(' ').map((name) => [name, reader]));
}

export const readers: Readonly<Record<string, Reader>> = {
  ...table(files, always('files')),
  ...table(nothing, always('nothing')),
  ...table('grep egrep fgrep', always('after-first')),
  ...table('test [', { reads: 'nothing', harm: harmOfTest }),
  printf: { reads: 'nothing', harm: harmOfPrintf },
  read: { reads: 'nothing', harm: harmOfRead },
  set: { reads: 'nothing', harm: harmOfSet },
  // With -p it sets a variable of any name.
  wait: guarded('nothing', { letters: 'p' }),
  sort: guarded('files', { letters: 'o', longs: ['output', 'compress-program', 'files0-from'], valued: 'kStT' }),
  uniq: guarded('files', { operands: 1, valued: 'fsw' }),
  // Its options take their values from behind the whole argument: `-Lo 1 out`.
  tree: guarded('files', { letters: 'oR', longs: ['output'] }),
  file: guarded('files', { letters: 'Cf', longs: ['compile', 'files-from'], valued: 'emFP' }),
  base64: guarded('files', { letters: 'o', longs: ['output'] }),
  xxd: { reads: 'files', harm: harmOfXxd },
  rg: guarded('after-first', {
    letters: 'z',
    longs: ['pre', 'pre-glob', 'hostname-bin', 'search-zip'],
    valued: 'eftTgABCmMjEr',
  }),
  fd: guarded('after-first', { letters: 'xX', longs: ['exec', 'exec-batch'], valued: 'eEtdSoc' }),
  hostname: guarded('nothing', { letters: 'bF', longs: ['file', 'boot'], operands: 0 }),
  // On some systems it runs its operands.
  arch: guarded('nothing', { operands: 0 }),
  tput: {
    reads: 'nothing',
    harm: (args) =>
      args.every((arg) => /^(cols|lines|colors|bold|dim|smul|rmul|rev|sgr0|setaf|setab|el|\d+)$/.test(arg))
        ? undefined
        : 'with what is not known only to show',
  },
  date: {
    reads: 'nothing',
    harm(args) {
      const { operands } = readOptions(args, { valued: 'dr' });
      const isSetting = hasOption(possibleOptions(args, 'drI'), 'sf', 'set', 'file');
      const sets = isSetting || operands.some((operand) => !operand.startsWith('+') || mayBeSeveral(operand));
      return harmOfUnseen(args) ?? (sets ? 'so that it could set the clock' : undefined);
    },
  },
  ps: {
    reads: 'nothing',
    harm: (args, { isConfined }) => (isConfined || args.every(hidesEnvironment) ? undefined : 'to show environments'),
  },
  jq: {
    reads: 'after-first',
    harm(args, { isConfined }) {
      if (args.some((arg) => /^(-[a-zA-Z]*[fL]|--from-file)/.test(arg))) return 'with a program that is in a file';
      const isShowing = args.some((arg) => isUnknown(arg) || /\b(env|import|include)\b|\$ENV/.test(arg));
      return harmOfUnseen(args) ?? (!isConfined && isShowing ? 'to show the environment' : undefined);
    },
  },
  find: { reads: 'files', harm: harmOfFind },
  sed: { reads: 'after-first', harm: harmOfSed },
  git: { reads: 'files', harm: harmOfGit },
};

/** A second operand is written to, and behind the first one no option is an option. Only these letters have a value. */
function harmOfXxd(args: readonly Field[]): string | undefined {
  if (args.some((arg) => /^--?r/.test(arg))) return 'with -r, which writes';
  let at = 0;
  while (/^-[^-]/.test(args[at] ?? '')) at += /^-[clsog]$/.test(args[at] ?? '') ? 2 : 1;
  const operands = args.slice(at);
  const isWriting = operands.length > 1 || operands.some(mayBeSeveral);
  return harmOfUnseen(args) ?? (isWriting ? 'with a file to write to' : undefined);
}

function hidesEnvironment(arg: Field): boolean {
  return isLiteral(arg) && !(arg.startsWith('-') ? /E|environ/ : /e/).test(arg);
}
