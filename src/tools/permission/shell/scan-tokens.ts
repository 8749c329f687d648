import type { SimpleCommand } from './command.ts';
import { markPatterns, type Field } from './field.ts';
import { noFiles } from './read/known-files.ts';
import { innerOf } from './read/inner-of-command.ts';

/**
 * The commands that may be in text no parser can read: whatever stands behind any operator, without quotes. More than there
 * are, so that none is missed: only for the floor.
 */
export function scanTokens(text: string, folder: Field | undefined): readonly SimpleCommand[] {
  const home = text.replaceAll(/\$\{?HOME\}?|(?<=^|\s)~(?=\/|\s|$)/g, '/home/~');
  return home
    .split(/[;&|\n(){}`]|\$\(/)
    .map((piece) => piece.replaceAll(/["'\\]/g, ''))
    .flatMap((piece) => toCommands(piece, folder));
}

function toCommands(piece: string, folder: Field | undefined): readonly SimpleCommand[] {
  const redirects = [...piece.matchAll(/>+\s*([^\s<>]+)/g)].map(([, target = '']) => ({ operator: '>', target }));
  const fields = piece
    .replaceAll(/\d?[<>]+\s*[^\s<>]*/g, ' ')
    .split(/\s+/)
    .filter((field) => field !== '')
    .map(markPatterns);
  const words = new Set([
    'if',
    'then',
    'else',
    'elif',
    'do',
    'while',
    'until',
    '!',
    'time',
    'in',
    'fi',
    'done',
    'esac',
  ]);
  const start = fields.findIndex((field) => !words.has(field) && !/^\w+=/.test(field));
  const command = toCommand(start === -1 ? [] : fields.slice(start), redirects, folder);
  const commands = [command];
  for (let last: SimpleCommand | undefined = command; last !== undefined && commands.length < 200;) {
    last = next(last, folder);
    if (last !== undefined) commands.push(last);
  }
  return commands;
}

/** What a command runs: behind a wrapper, behind `-c`, whose quotes are gone, or behind `eval`. */
function next(outer: SimpleCommand, folder: Field | undefined): SimpleCommand | undefined {
  const [inner] = innerOf(outer, noFiles);
  if (inner === undefined) return undefined;
  if (inner.type === 'command') return toCommand(inner.fields, [], folder);
  const at = outer.fields.findIndex((field) => /^-[a-z]*c$/.test(field));
  return toCommand(outer.fields.slice(Math.max(0, at) + 1), [], folder);
}

function toCommand(
  fields: readonly Field[],
  redirects: SimpleCommand['redirects'],
  folder: Field | undefined,
): SimpleCommand {
  return { fields, assignments: [], redirects, input: undefined, folder, origin: 'written', runs: 'nothing' };
}
