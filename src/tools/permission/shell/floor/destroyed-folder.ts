import { nameOf, type SimpleCommand } from '../command.ts';
import { isPattern, show, type Field } from '../field.ts';
import { folderKind, resolvePath } from '../paths.ts';
import { readFind } from '../read/inner-of-find.ts';
import { hasOption, readOptions } from '../read-options.ts';

/** The system folder or home that a command would delete, move away, or give to others, as the reason. */
export function destroyedFolder(command: SimpleCommand, workspace: Field): string | undefined {
  const [, ...args] = command.fields;
  const first = (paths: readonly Field[], verb: string): string | undefined => {
    const found = paths.find((path) => kindOf(path, command, workspace) !== undefined);
    return found === undefined ? undefined : `${verb} "${show(found)}", which the system or a home needs`;
  };
  switch (nameOf(command)) {
    case 'rm':
    case 'srm': {
      const { options, operands } = readOptions(args);
      const isRecursive = hasOption(options, 'rR', 'recursive');
      // Without -r it is the files in them.
      return first(isRecursive ? operands : operands.filter(isPattern), 'deletes');
    }
    case 'find':
      return first(searched(args, command, workspace), 'deletes what is in');
    case 'mv': {
      const { options, operands } = readOptions(args, { valued: 'tS', longValued: ['target-directory', 'suffix'] });
      return first(hasOption(options, 't', 'target-directory') ? operands : operands.slice(0, -1), 'moves away');
    }
    case 'chmod':
    case 'chown':
    case 'chgrp':
    case 'chattr':
    case 'setfacl': {
      const { options, operands } = readOptions(args);
      const isRecursive = hasOption(options, 'R', 'recursive');
      const paths = isRecursive ? operands : operands.filter((path) => resolvePath(path, command.folder) === '/');
      return first(paths, 'changes who may use');
    }
    case 'rsync': {
      const { operands, options } = readOptions(args, { valued: 'efTB', longValued: ['exclude', 'include', 'filter'] });
      const has = (pattern: RegExp): boolean => options.some(({ form, name }) => form === 'long' && pattern.test(name));
      const emptied = [
        ...(has(/^del/) ? operands.slice(-1) : []),
        ...(has(/^remove-(source|sent)-files$/) ? operands.slice(0, -1) : []),
      ];
      return first(emptied, 'deletes what is in');
    }
    default:
      return undefined;
  }
}

/** Where `find` begins, if it deletes there. With a filter only the system's own folders count, not what is in them. */
function searched(args: readonly Field[], command: SimpleCommand, workspace: Field): readonly Field[] {
  const { roots, finds, deletes, commands } = readFind(args);
  const isRemoving = commands.some(([name = '']) => /(^|\/)(rm|srm|shred|unlink)$/.test(name));
  if (deletes === 'no' && !isRemoving) return [];
  if (finds === 'all') return roots;
  return roots.filter((root) => {
    const path = resolvePath(root, command.folder);
    return path?.lastIndexOf('/') === 0 && kindOf(root, command, workspace) === 'system';
  });
}

function kindOf(path: Field, { folder }: SimpleCommand, workspace: Field): ReturnType<typeof folderKind> {
  const resolved = resolvePath(path, folder);
  return path === '' || resolved === undefined ? undefined : folderKind(resolved, workspace);
}
