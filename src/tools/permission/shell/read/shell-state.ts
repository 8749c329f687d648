import { nameOf, type SimpleCommand } from '../command.ts';
import { isUnknown, marks, type Field } from '../field.ts';
import { resolvePath } from '../paths.ts';
import { readOptions } from '../read-options.ts';
import type { Shell } from './pass.ts';
import type { Variables } from './variables.ts';

/** Of a path, as Linux has it. */
const mostCharacters = 4_096;

/** What a command changes in the shell it stands in: folder, arguments, variables. */
export function applyToShell(command: SimpleCommand, shell: Shell, variables: Variables): void {
  const args = command.fields.slice(1);
  switch (nameOf(command)) {
    case 'cd':
    case 'pushd':
      shell.folder = nextFolder(readOptions(args).operands[0], shell.folder);
      break;
    case 'popd':
      shell.folder = undefined;
      break;
    case 'set':
      if (args.includes('--')) shell.positional = args.slice(args.indexOf('--') + 1);
      break;
    case 'shift':
      shell.positional = undefined;
      break;
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      for (const arg of args) {
        const [, name, value] = /^(\w+)\+?=(.*)$/s.exec(arg) ?? [];
        if (name !== undefined && value !== undefined) variables.set(name, [value]);
      }
      break;
    case 'printf':
      if (args[0] === '-v') variables.set(args[1] ?? '', [marks.unknown]);
      break;
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'getopts':
      for (const name of readOptions(args, { valued: 'adinNptuCcOs' }).operands) {
        variables.set(name, command.input?.texts?.flatMap(wordsOf) ?? [marks.unknown]);
      }
      break;
    default:
  }
}

/** Where a command leads to; `undefined` where only running would tell. */
export function nextFolder(to: Field | undefined, from: Field | undefined): Field | undefined {
  if (to === undefined) return '/home/~';
  const folder = to === '-' || isUnknown(to) ? undefined : resolvePath(to, from);
  return (folder?.length ?? 0) > mostCharacters ? undefined : folder;
}

function wordsOf(text: string): readonly string[] {
  return [...text.split('\n'), ...text.split(/\s+/)].filter((word) => word !== '');
}
