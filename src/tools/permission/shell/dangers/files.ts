import { nameOf, type SimpleCommand } from '../command.ts';
import { isPattern, isUnknown, show, type Field } from '../field.ts';
import { isInside, resolvePath } from '../paths.ts';
import { readFind } from '../read/inner-of-find.ts';
import { hasOption, readOptions } from '../read-options.ts';

/** Where keys and passwords are kept. */
const secrets =
  /\/(\.ssh|\.aws|\.gnupg|\.kube|\.azure|\.config\/gcloud|\.password-store)(\/|$)|\/(\.netrc|\.pgpass|\.npmrc|\.pypirc|\.git-credentials|\.docker\/config\.json|\.vault-token)$|^\/etc\/(shadow|gshadow|sudoers)/;

/** What is run, or obeyed, the next time somebody logs in or starts a program. */
const startFiles =
  /\/(\.(bash|zsh|k?sh|tcsh|csh|fish|login|profile|inputrc|xinitrc|xprofile)[\w.]*|\.bash_(profile|login|logout|aliases)|\.zprofile|\.zshenv|\.profile|\.gitconfig|\.ssh\/(authorized_keys|config|rc)|\.config\/autostart\/.*|config\.fish)$/;

/** What a command does to files that are not its workspace's. */
export function dangerOfFiles(command: SimpleCommand, workspace: Field): string | undefined {
  const args = command.fields.slice(1);
  const where = (path: Field): Field | undefined => resolvePath(path, command.folder);
  const isOutside = (path: Field): boolean => {
    const resolved = where(path);
    if (resolved === undefined || isUnknown(path)) return true;
    const isScratch = /^(\/private)?(\/var)?\/tmp\/[^/]/.test(resolved) || resolved.startsWith('/dev/');
    return !isScratch && !isInside(resolved, workspace);
  };
  for (const path of written(command)) {
    if (startFiles.test(where(path) ?? path) || secrets.test(where(path) ?? path))
      return `writes to "${show(path)}", which is obeyed later`;
    if (isOutside(path)) return `writes to "${show(path)}", which is not in the workspace`;
  }
  const isSaying = /^(echo|printf)$/.test(nameOf(command));
  const secret = isSaying ? undefined : args.find((arg) => secrets.test(where(arg) ?? arg));
  if (secret !== undefined) return `reads or changes "${show(secret)}", where secrets are kept`;
  switch (nameOf(command)) {
    case 'rm': {
      const { options, operands } = readOptions(args);
      const found =
        operands.find(isOutside) ?? operands.find((path) => path === '.' || path === '*' || isPattern(path[0] ?? ''));
      return hasOption(options, 'rR', 'recursive') && found !== undefined
        ? `deletes "${show(found)}" and all that is in it`
        : undefined;
    }
    case 'find': {
      const { roots, deletes, commands } = readFind(args);
      const found = roots.find(isOutside);
      const isDeleting = deletes === 'yes' || commands.some(([name = '']) => /(^|\/)(rm|shred)$/.test(name));
      return isDeleting && found !== undefined ? `deletes what it finds in "${show(found)}"` : undefined;
    }
    default:
      return undefined;
  }
}

/** The files that a command writes, as far as it names them. */
function* written(command: SimpleCommand): Generator<Field> {
  for (const { operator, target } of command.redirects) if (operator.includes('>')) yield target;
  const args = command.fields.slice(1);
  const { options, operands } = readOptions(args, { valued: 'tS', longValued: ['target-directory', 'suffix'] });
  switch (nameOf(command)) {
    case 'tee':
    case 'truncate':
      yield* operands;
      break;
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      yield* operands.slice(-1);
      break;
    case 'sed':
      if (hasOption(options, 'i', 'in-place')) yield* operands.slice(1);
      break;
    default:
  }
}
