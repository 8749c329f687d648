import { unmarkPatterns, type Field } from '../field.ts';
import { readGit } from '../git-call.ts';
import type { Inner } from './inner.ts';

/** What an alias stands for that is given with `-c`: another command of git, or text for a shell behind `!`. */
export function innerOfGit(args: readonly Field[]): readonly Inner[] {
  const { subcommand, rest, settings } = readGit(args);
  return settings.flatMap((setting): readonly Inner[] => {
    const [, name, value] = /^alias\.([^=]*)=\s*(.*)$/is.exec(setting) ?? [];
    if (name?.toLowerCase() !== subcommand.toLowerCase() || value === undefined) return [];
    if (!value.startsWith('!')) {
      return [
        {
          type: 'command',
          fields: ['git', ...value.split(/\s+/).filter((word) => word !== ''), ...rest],
          assignments: [],
        },
      ];
    }
    return [{ type: 'text', texts: [[value.slice(1), ...rest].map(unmarkPatterns).join(' ')] }];
  });
}
