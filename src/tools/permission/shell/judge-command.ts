import type { CommandPlace, CommandReport, SimpleCommand } from './command.ts';
import { dangerOf } from './dangers/dangers.ts';
import { withoutMarks } from './field.ts';
import { findEndlessLoop } from './floor/endless-loop.ts';
import { floorOf } from './floor/floor.ts';
import { findForkBomb } from './floor/fork-bomb.ts';
import { harmOf } from './harmless/harmless.ts';
import { resolvePath, someFolder } from './paths.ts';
import { KnownFiles } from './read/known-files.ts';
import { inSubshell, type Pass, type Scope } from './read/pass.ts';
import { readLine } from './read/read-script.ts';
import { Variables } from './read/variables.ts';
import { scanTokens } from './scan-tokens.ts';
import { spellingsOf, toText } from './spellings.ts';

/** A command line, with what it is run with. */
export interface CommandCall {
  readonly command: string;
  /** Absolute, or relative to where it begins. Default: there. */
  readonly folder?: string | undefined;
  /** Variables added to its environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/**
 * Tells what a command line would do, by reading it with a parser: nothing is run, and no file is looked at.
 *
 * What programs of other languages do in one line, and what options make a program run another, is not read.
 */
export async function judgeCommand(call: CommandCall, place: CommandPlace): Promise<CommandReport> {
  // Loaded with the first command that is decided on.
  const { parse, forEachChild } = await import('unbash');
  const text = withoutMarks(call.command);
  const workspace = place.workspace ?? someFolder;
  const start = place.start === undefined ? undefined : resolvePath(withoutMarks(place.start), workspace);
  const folder = resolvePath(withoutMarks(call.folder ?? '.'), start);
  const pass = readTwice(text, { parse, forEachChild }, folder, call.environment ?? {});
  const { commands, unread } = pass;
  const settings = Object.entries(call.environment ?? {}).map(([name, value]) => settingOf(name, value));
  const scanned = unread.flatMap((one) => scanTokens(one, folder));
  let spellings: readonly string[] | undefined;
  const report = {
    written: [...commands.filter(({ origin }) => origin === 'written'), ...settings]
      .map(toText)
      .filter((text) => text !== ''),
    spellings: () => (spellings ??= [...new Set([...commands, ...scanned].flatMap(spellingsOf))]),
    isWhole: unread.length === 0 && pass.excess.size === 0 && pass.oddities.size === 0,
  };
  const forbidden =
    findForkBomb(pass) ??
    findEndlessLoop(pass) ??
    first([...commands, ...scanned], (one) => floorOf(one, workspace)) ??
    [...pass.excess][0];
  if (forbidden !== undefined) return { ...report, class: 'forbidden', because: forbidden };
  const danger = dangerOf(commands, workspace);
  if (danger !== undefined) return { ...report, class: 'dangerous', because: danger };
  const harm =
    [...pass.oddities][0] ??
    (unread.length > 0 ? 'cannot be read for sure' : undefined) ??
    first(settings, (setting) => harmOf(setting, place)) ??
    (commands.length === 0 ? 'is empty' : undefined) ??
    first(commands, (command) => harmOf(command, place));
  return harm === undefined
    ? { ...report, class: 'harmless', because: 'only reads' }
    : { ...report, class: 'ordinary', because: harm };
}

type Parser = Pick<Pass, 'parse' | 'forEachChild'>;

/** Once to learn variables, functions and files, wherever in the line they come from, and once to judge with them. */
function readTwice(
  text: string,
  parser: Parser,
  folder: string | undefined,
  environment: Readonly<Record<string, string>>,
): Pass {
  const variables = new Variables(environment);
  const before: Pass = { ...parser, ...emptyPass(), variables };
  const pass: Pass = { ...before, ...emptyPass(), functions: before.functions, files: before.files };
  try {
    readFrom(text, folder, before);
    before.files.again();
    readFrom(text, folder, pass);
    return pass;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Deeper than the stack reaches.
    pass.excess.add('is nested too deep to be read');
    return pass;
  }
}

function emptyPass(): Omit<Pass, 'parse' | 'forEachChild' | 'variables'> {
  return {
    commands: [],
    functions: new Map(),
    loops: [],
    files: new KnownFiles(),
    unread: [],
    excess: new Set(),
    oddities: new Set(),
    expanded: new Set(),
  };
}

function readFrom(text: string, folder: string | undefined, pass: Pass): void {
  const shell = { folder, positional: undefined, settled: pass.variables.given };
  const scope: Scope = { shell, source: text, input: undefined, outputs: new Map(), depth: 0, calling: [] };
  readLine(text, inSubshell(scope), pass);
  // Where `sh` does not know `$'…'`, it is another text, and may end elsewhere.
  const other = text.replaceAll(/(?<!\\)\$(?=')/g, String.raw`\$$`);
  if (/\$'[^']*\\/.test(text)) readLine(other, inSubshell(scope), pass);
}

function settingOf(name: string, value: string): SimpleCommand {
  const assignments = [{ name, value }];
  return {
    fields: [],
    assignments,
    redirects: [],
    input: undefined,
    folder: undefined,
    origin: 'written',
    runs: 'nothing',
  };
}

function first<Item>(items: readonly Item[], reasonOf: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const reason = reasonOf(item);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
