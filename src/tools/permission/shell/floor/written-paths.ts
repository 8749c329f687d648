import { nameOf, type SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import { writtenByDownload } from '../read/downloads.ts';
import { readOptions, type OptionShape } from '../read-options.ts';
import { changesDisk, isFormatter } from './disk-tools.ts';

/** Where a program is told what to write to. */
interface Writer extends OptionShape {
  /** Which of its operands are written to. Default: none. */
  readonly operands?: 'all' | 'last' | 'behind-first';
  /** Options whose value is a file to write to, by their letters and long names. */
  readonly outputs?: readonly string[];
}

const last: Writer = { operands: 'last' };
const all: Writer = { operands: 'all' };

const writers: Readonly<Record<string, Writer>> = {
  tee: all,
  shred: all,
  srm: all,
  truncate: all,
  cp: last,
  mv: last,
  install: last,
  bmaptool: last,
  // From, to, and a record of how far it came.
  ddrescue: { operands: 'behind-first', valued: 'bBcdeEHiKlmMoOQsTxX' },
  xxd: { operands: 'behind-first', valued: 'clsognR' },
  sort: { outputs: ['o', 'output'], valued: 'kStTo', longValued: ['output'] },
  pv: { outputs: ['o', 'output'], valued: 'oLBsNDHwi', longValued: ['output'] },
  iconv: { outputs: ['o', 'output'], valued: 'fto', longValued: ['output'] },
  gpg: { outputs: ['o', 'output'], valued: 'or', longValued: ['output'] },
  aria2c: { outputs: ['o', 'out'], valued: 'dijosx', longValued: ['out'] },
  cpio: { outputs: ['O', 'F', 'file'], valued: 'CEFHIMORW', longValued: ['file'] },
  ntfsclone: { outputs: ['o', 'O', 'output', 'overwrite'], valued: 'oO', longValued: ['output', 'overwrite'] },
};

/** Every path that a command opens to write to, as far as it names them. */
export function* writtenPaths(command: SimpleCommand): Generator<Field> {
  for (const { operator, target } of command.redirects) if (operator.includes('>')) yield target;
  const name = nameOf(command);
  const [, ...args] = command.fields;
  yield* writtenByDownload(command);
  if (/^(g|dc|dcfl)?dd$/.test(name) || name === 'dc3dd' || name === 'qemu-img') {
    for (const arg of args) if (/^h?of=/.test(arg)) yield arg.slice(arg.indexOf('=') + 1);
  }
  if (isFormatter(name) || changesDisk(name, args)) {
    yield* args.filter((arg) => !arg.startsWith('-'));
  } else if (name === 'tar') {
    yield* archives(args);
  } else if (name === 'qemu-img') {
    yield* images(args);
  } else {
    yield* ofWriter(Object.hasOwn(writers, name) ? writers[name] : undefined, args);
  }
}

function* ofWriter(writer: Writer | undefined, args: readonly Field[]): Generator<Field> {
  if (writer === undefined) return;
  const { options, operands } = readOptions(args, writer);
  if (writer.operands === 'all') yield* operands;
  if (writer.operands === 'last') yield* operands.slice(-1);
  if (writer.operands === 'behind-first') yield* operands.slice(1);
  for (const { name, value } of options) {
    if (value !== undefined && writer.outputs?.includes(name) === true) yield value;
  }
}

/** What `qemu-img` changes: the last image when it converts, else each that it is given. */
function images([verb = '', ...rest]: readonly Field[]): readonly Field[] {
  const { operands } = readOptions(rest, { valued: 'fOoBFSTtlmrsuW' });
  if (verb === 'convert') return operands.slice(-1);
  return /^(create|resize|rebase|commit|amend)$/.test(verb) ? operands : [];
}

/** The archive that `tar` makes or changes; one that it reads is not written to. */
function archives([first = '', ...rest]: readonly Field[]): readonly Field[] {
  const { options } = readOptions([first.replace(/^(?=[a-zA-Z]+$)/, '-'), ...rest], {
    valued: 'fCTXbgKNVLFIH',
    longValued: ['file', 'directory', 'files-from', 'exclude-from'],
  });
  const changing = ['c', 'r', 'u', 'A', 'create', 'append', 'update', 'concatenate', 'catenate', 'delete'];
  if (!options.some(({ name }) => changing.includes(name))) return [];
  return options.flatMap(({ name, value }) => (name === 'f' || name === 'file' ? [value ?? ''] : []));
}
