import { nameOf, type SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import { hasOption, readOptions } from '../read-options.ts';
import { writtenByDownload } from './downloads.ts';
import type { KnownFiles } from './known-files.ts';

/** Keeps what a command writes: the text it puts out, what only running would tell, or what another file has. */
export function noteFiles(command: SimpleCommand, output: readonly string[] | undefined, files: KnownFiles): void {
  const { redirects, folder } = command;
  for (const { operator, target } of redirects) {
    if (!operator.includes('>') || target === '/dev/null') continue;
    files.put(target, folder, output, operator.endsWith('>>') ? 'append' : 'replace');
  }
  for (const path of writtenByDownload(command)) files.put(path, folder, undefined, 'replace');
  if (nameOf(command) === 'tee') {
    const { options, operands } = readOptions(command.fields.slice(1));
    const how = hasOption(options, 'a', 'append') ? 'append' : 'replace';
    for (const path of operands) files.put(path, folder, output, how);
  }
  for (const [from, to] of copiesOf(command)) files.copy(from, to, folder);
}

type Copy = readonly [from: Field, to: Field];

function copiesOf(command: SimpleCommand): readonly Copy[] {
  const args = command.fields.slice(1);
  switch (nameOf(command)) {
    case 'cp':
    case 'mv':
    case 'ln':
    case 'link':
    case 'install':
    case 'rsync': {
      const shape = { valued: 'tSmog', longValued: ['target-directory', 'suffix', 'mode', 'owner', 'group'] };
      const { options, operands } = readOptions(args, shape);
      const folder = options.find(({ name }) => name === 't' || name === 'target-directory')?.value;
      const sources = folder === undefined && operands.length > 1 ? operands.slice(0, -1) : operands;
      const target = folder ?? (operands.length > 1 ? (operands.at(-1) ?? '') : '.');
      // Whether it is a folder, only running would tell.
      return sources.flatMap((from): readonly Copy[] => [
        [from, target],
        [from, `${target}/${from.replace(/\/+$/, '').replace(/^.*\//s, '')}`],
      ]);
    }
    case 'dd': {
      const valueOf = (name: string): Field | undefined =>
        args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
      const [from, to] = [valueOf('if'), valueOf('of')];
      return from === undefined || to === undefined ? [] : [[from, to]];
    }
    default:
      return [];
  }
}
