import { nameOf, type CommandPlace, type SimpleCommand } from '../command.ts';
import { isLiteral, marks, show, type Field } from '../field.ts';
import { innerOf } from '../read/inner-of-command.ts';
import { noFiles } from '../read/known-files.ts';
import { isTame } from '../tame-variables.ts';
import { harmOfPaths, harmOfReading } from './outside.ts';
import { harmOfPassing, isPassing } from './passing.ts';
import { readers } from './readers.ts';

const shells = new Set(['sh', 'bash', 'dash']);

/** Where programs stand that nobody in the workspace can have put there. */
const programFolders = /^\/(usr\/(local\/)?)?s?bin\/$/;

/** Asked for its version, a program does nothing else. Not so where a file of the project may say which program answers: yarn, cargo, go. */
const versioned =
  /^((node|npm|npx|bun|ruby|java|javac|gcc|g\+\+|clang|make|cmake|tsc|git|docker|kubectl|php|perl|bash|jq) --version|(deno|python|python3|pip|pip3|uv|curl|rg) (--version|-V))$/;

/** Why a command is not known to be harmless; `undefined` if it is. */
export function harmOf(command: SimpleCommand, place: CommandPlace): string | undefined {
  const { fields, assignments, redirects, input } = command;
  const set = assignments.find(({ name }) => !isTame(name));
  if (set !== undefined) return `sets "${set.name}", which may change what programs do`;
  const texts = [...assignments.map(({ value }) => value), ...(input?.texts ?? []), ...fields];
  const isShowing = texts.some((text) => text.includes(marks.variable));
  if (isShowing) return 'uses a variable of the environment';
  for (const { operator, target } of redirects) {
    const isSink = /^\/dev\/(null|stdout|stderr)$/.test(target);
    if (operator !== '<' && !isSink) return `writes to "${show(target)}"`;
    const harm = isSink ? undefined : harmOfReading(target, command, place);
    if (harm !== undefined) return harm;
  }
  const [first] = fields;
  if (first === undefined) return undefined;
  if (!isLiteral(first)) return 'runs a program that only running would tell';
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  if (folder !== '' && !programFolders.test(folder)) return `runs "${first}"`;
  return harmOfProgram(command, place);
}

function harmOfProgram(command: SimpleCommand, place: CommandPlace): string | undefined {
  const { fields, runs } = command;
  const name = nameOf(command);
  const args = fields.slice(1);
  if (versioned.test([name, ...args].join(' '))) return undefined;
  if (name === 'command' && /^-[vV]$/.test(args[0] ?? '')) return undefined;
  if (runs === 'command' && isPassing(name)) {
    const harm = harmOfPassing(name, args);
    return harm === undefined ? harmOfAnyInput(command, place) : `runs "${name}" ${harm}`;
  }
  // What they read from a file or a pipe, others may have read a part of.
  if (name === 'eval' || shells.has(name)) {
    const isPlain = name === 'eval' ? args.every(isLiteral) : isPlainText(args);
    return isPlain && runs === 'text' ? undefined : `runs "${name}"`;
  }
  if (name === 'env' || name === 'printenv') {
    return args.every((arg) => /^(-[0i]|\w+)$/.test(arg)) ? harmOfEnvironment(place) : `runs "${name}" with arguments`;
  }
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined) return `runs "${show(name)}", which is not known only to read`;
  const harm = reader.harm(args, place);
  if (harm !== undefined) return `runs "${name}" ${harm}`;
  return harmOfPaths(reader, command, place);
}

/** `-c` and its text. Were a pattern in it, names of files would become commands. */
function isPlainText([option = '', text = '']: readonly Field[]): boolean {
  return /^-[eux]*c$/.test(option) && isLiteral(text) && !/^[-+]/.test(text);
}

/** `xargs` divides and unquotes what it reads in its own way: its command must be harmless with any words. */
function harmOfAnyInput(command: SimpleCommand, place: CommandPlace): string | undefined {
  if (nameOf(command) !== 'xargs') return undefined;
  for (const inner of innerOf({ fields: command.fields, input: undefined }, noFiles)) {
    if (inner.type === 'text') return 'runs text with "xargs"';
    const { fields, assignments } = inner;
    const harm = harmOf({ ...command, fields, assignments, redirects: [], input: undefined, runs: 'nothing' }, place);
    if (harm !== undefined) return harm;
  }
  return undefined;
}

function harmOfEnvironment({ isConfined }: CommandPlace): string | undefined {
  return isConfined ? undefined : 'shows the environment, and secrets that are in it';
}
