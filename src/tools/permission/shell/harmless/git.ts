import { isLiteral, mayBeSeveral, type Field } from '../field.ts';
import { readGit } from '../git-call.ts';
import { hasOption, readOptions } from '../read-options.ts';
import { harmOfUnseen, possibleOptions } from './reader.ts';

/** Only read, whatever else they are told but for the options below. */
const reading = new Set(
  (
    'status log diff show blame annotate ls-files ls-tree rev-parse describe shortlog cat-file rev-list merge-base name-rev grep ' +
    'for-each-ref count-objects check-ignore check-attr check-ref-format diff-tree diff-index diff-files show-ref cherry ' +
    'range-diff whatchanged version show-branch var verify-commit'
  ).split(' '),
);

const harmful = ['output', 'ext-diff', 'textconv', 'open-files-in-pager', 'filters', 'contents'];
const harmlessOptions =
  /^(--no-pager|-P|--no-optional-locks|--literal-pathspecs|--bare|--no-replace-objects|--version|-v)$/;

export function harmOfGit(args: readonly Field[]): string | undefined {
  const { subcommand, rest, settings, options, folders } = readGit(args);
  if (settings.length > 0) return 'with settings of its own';
  const other = options.find((option) => !harmlessOptions.test(option));
  if (other !== undefined) return `with ${other}`;
  if (subcommand === '')
    return options.some((option) => /^(--version|-v)$/.test(option)) ? undefined : 'without a command';
  if (!isLiteral(subcommand)) return 'with a command that only running would tell';
  const unseen = folders.some(mayBeSeveral) ? 'with more than one folder' : harmOfUnseen(rest);
  if (unseen !== undefined) return unseen;
  const opens = subcommand === 'grep' && hasOption(possibleOptions(rest), 'O');
  if (opens || rest.some((arg) => isShortened(arg))) {
    return 'with an option that writes or runs something';
  }
  return reading.has(subcommand) || isListing(subcommand, rest)
    ? undefined
    : `with "${subcommand}", which is not known only to read`;
}

/** A harmful option, or the beginning of one, as git lets one shorten it. */
function isShortened(arg: Field): boolean {
  const name = /^--([a-z-]+)/.exec(arg)?.[1];
  return name !== undefined && name !== 'text' && name !== 'full-index' && harmful.some((one) => one.startsWith(name));
}

/** Of subcommands that list or change: whether these arguments only list. */
function isListing(subcommand: string, rest: readonly Field[]): boolean {
  const { options, operands } = readOptions(rest);
  const only = (letters: string, longs: RegExp): boolean =>
    options.every(({ form, name }) => (form === 'letter' ? letters.includes(name) : longs.test(name)));
  const [first] = rest;
  switch (subcommand) {
    case 'branch': {
      const lists = options.some(({ name }) => /^(l|list|contains|no-contains|merged|no-merged|points-at)$/.test(name));
      const isPlain = only(
        'arvql',
        /^(all|remotes|verbose|list|contains|no-contains|merged|no-merged|points-at|show-current|sort|format|no-color|color|column|abbrev)$/,
      );
      return isPlain && (operands.length === 0 || lists);
    }
    case 'tag': {
      const lists = options.some(({ name }) => /^(l|list|n|contains|merged|points-at)$/.test(name));
      return (
        only('ln0123456789', /^(list|contains|merged|no-merged|points-at|sort|format)$/) &&
        (operands.length === 0 || lists)
      );
    }
    case 'remote':
      return (operands.length === 0 && only('v', /^verbose$/)) || (first === 'get-url' && only('', /^(all|push)$/));
    case 'stash':
      return first === 'list' || first === 'show';
    case 'worktree':
      return first === 'list';
    case 'reflog':
      return operands.length === 0 || first === 'show';
    case 'config':
      return options.some(({ name }) => name === 'get') && only('', /^(get|local|type|show-origin|show-scope)$/);
    case 'symbolic-ref':
      return operands.length === 1 && !operands.some(mayBeSeveral) && only('q', /^(quiet|short)$/);
    case 'notes':
      return first === 'list' || first === 'show';
    default:
      return false;
  }
}
