import { nameOf, type SimpleCommand } from './command.ts';
import { isUnknown, marks, show, type Field } from './field.ts';
import { readGit } from './git-call.ts';

/** A command as rules read it: one blank between its words, and no quotes. */
export function toText({ fields, assignments, redirects }: SimpleCommand): string {
  const settings = assignments.map(({ name, value }) => `${name}=${value}`);
  const files = redirects.map(({ operator, target }) => `${operator} ${target}`);
  return show([...settings, ...fields, ...files].join(' '));
}

/**
 * What a rule that refuses must not be passed by: the command with and without what is set and redirected, under the bare name of
 * its program, git without the options in front of its subcommand, and nothing in the place of what may be nothing.
 */
export function spellingsOf(command: SimpleCommand): readonly string[] {
  const bare = [nameOf(command), ...command.fields.slice(1)];
  const ways = [command.fields, bare, withoutGlobals(bare)].flatMap((fields) => [fields, withoutUnknown(fields)]);
  return ways.flatMap((fields) => [
    toText({ ...command, fields }),
    toText({ ...command, fields, assignments: [] }),
    toText({ ...command, fields, assignments: [], redirects: [] }),
  ]);
}

function withoutGlobals(fields: readonly Field[]): readonly Field[] {
  const [name, ...args] = fields;
  if (name !== 'git') return fields;
  const { subcommand, rest } = readGit(args);
  return ['git', subcommand, ...rest];
}

/** A variable that is not set is no word at all, or no part of one. */
function withoutUnknown(fields: readonly Field[]): readonly Field[] {
  if (!fields.some(isUnknown)) return fields;
  return fields.map((field) => field.replaceAll(unknown, '')).filter((field) => field !== '');
}

const unknown = new RegExp(`[${marks.unknown}${marks.variable}${marks.words}${marks.cut}]`, 'g');
