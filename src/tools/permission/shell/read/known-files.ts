import { nameOf, type SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import { readOptions } from '../read-options.ts';

/** Texts that the line itself puts into files; `undefined` where only running would tell which. */
export type KnownFiles = ReadonlyMap<string, readonly string[] | undefined>;

export function fileKey(path: Field): string {
  return path.replace(/^(\.\/+)+/, '');
}

/** Keeps what a command writes, with the text it puts out. */
export function noteFiles(
  command: SimpleCommand,
  output: readonly string[] | undefined,
  files: Map<string, readonly string[] | undefined>,
): void {
  for (const { operator, target } of command.redirects) {
    if (operator.includes('>') && target !== '/dev/null') files.set(fileKey(target), output);
  }
  for (const path of writtenBy(command)) files.set(fileKey(path), nameOf(command) === 'tee' ? output : undefined);
}

/** The files that `tee` and downloads write. */
function writtenBy(command: SimpleCommand): readonly Field[] {
  const args = command.fields.slice(1);
  switch (nameOf(command)) {
    case 'tee':
      return readOptions(args).operands;
    case 'curl': {
      const { options, operands } = readOptions(args, { valued: 'oHXdAebuFTxmcKEwrYyztCDPQU', longValued: ['output'] });
      const named = options.filter(({ name }) => name === 'o' || name === 'output').map(({ value = '' }) => value);
      const isRemoteName = options.some(({ name }) => name === 'O' || name.startsWith('remote-name'));
      return isRemoteName ? [...named, ...operands.map(lastPart)] : named;
    }
    case 'wget': {
      const { options, operands } = readOptions(args, { valued: 'OPUotTwQ', longValued: ['output-document'] });
      const named = options.filter(({ name }) => name === 'O' || name === 'output-document');
      return named.length > 0 ? named.map(({ value = '' }) => value) : operands.map(lastPart);
    }
    default:
      return [];
  }
}

function lastPart(url: Field): Field {
  return url.replace(/[?#].*$/s, '').replace(/^.*\//s, '');
}
