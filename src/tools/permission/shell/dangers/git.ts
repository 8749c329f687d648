import type { Field } from '../field.ts';
import { readGit } from '../git-call.ts';
import { hasOption, readOptions } from '../read-options.ts';

/** What a git command loses, or sends to other machines. */
export function dangerOfGit(args: readonly Field[]): string | undefined {
  const { subcommand, rest, settings } = readGit(args);
  const { options, operands } = readOptions(rest);
  const has = (letters: string, ...longs: string[]): boolean => hasOption(options, letters, ...longs);
  const lost = `loses work or history, with "git ${subcommand}"`;
  if (
    settings.some((setting) =>
      /^(alias\.|core\.(pager|editor|sshcommand|fsmonitor|hookspath)|.*\.(command|cmd|textconv))/i.test(setting),
    )
  )
    return 'makes git run other commands';
  switch (subcommand) {
    case 'push': {
      const isForced = has('f', 'force', 'force-with-lease', 'force-if-includes', 'mirror', 'prune');
      const isDeleting = has('d', 'delete') || operands.some((operand) => operand.startsWith(':'));
      if (isForced || operands.some((operand) => operand.startsWith('+')))
        return 'overwrites what others have, with "git push" and force';
      return isDeleting
        ? 'deletes what others have, with "git push"'
        : 'sends commits to another machine, with "git push"';
    }
    case 'reset':
      return has('', 'hard', 'merge', 'keep') ? lost : undefined;
    case 'clean':
      return has('n', 'dry-run') ? undefined : lost;
    case 'branch':
      return has('dDM', 'delete') ? lost : undefined;
    case 'tag':
      return has('df', 'delete', 'force') ? lost : undefined;
    case 'checkout':
      return has('f', 'force') || rest.includes('--') || operands.includes('.') ? lost : undefined;
    case 'switch':
      return has('fC', 'force', 'discard-changes', 'force-create') ? lost : undefined;
    case 'restore':
      return has('S', 'staged') && !has('W', 'worktree') ? undefined : lost;
    case 'stash':
      return operands[0] === 'drop' || operands[0] === 'clear' ? lost : undefined;
    case 'worktree':
      return operands[0] === 'remove' && has('f', 'force') ? lost : undefined;
    case 'reflog':
      return operands[0] === 'expire' || operands[0] === 'delete' ? lost : undefined;
    case 'update-ref':
      return has('d') ? lost : undefined;
    case 'filter-branch':
    case 'filter-repo':
    case 'prune':
      return lost;
    case 'config':
      return has('', 'global', 'system') && operands.length > 1 ? 'changes how git works for all projects' : undefined;
    case 'remote':
      return ['add', 'set-url', 'remove', 'rm', 'rename'].includes(operands[0] ?? '')
        ? 'changes where git sends to'
        : undefined;
    default:
      return undefined;
  }
}
