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
    case 'getopts': {
      const { options, operands } = readOptions(args, { valued: 'adinNptuCcOs' });
      const arrays = options.filter(({ name }) => name === 'a').map(({ value = '' }) => value);
      const names = [...operands, ...arrays];
      // Words and lines are the likely ones: which part of its input it takes, only running would tell.
      const likely = command.input?.texts?.flatMap(wordsOf) ?? [];
      for (const name of names) variables.set(name, [...likely, marks.unknown]);
      settle(shell, names);
      break;
    }
    default:
  }
}

/** From here on these variables have a value that the line gives them. */
export function settle(shell: Shell, names: readonly string[]): void {
  shell.settled = new Set([...shell.settled, ...names]);
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
