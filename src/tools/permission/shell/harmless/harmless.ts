import { nameOf, type CommandPlace, type SimpleCommand } from '../command.ts';
import { isLiteral, marks, show } from '../field.ts';
import { readOptions } from '../read-options.ts';
import { wrappers } from '../read/wrappers.ts';
import { isTame } from '../tame-variables.ts';
import { harmOfPaths, harmOfReading } from './outside.ts';
import { readers } from './readers.ts';

/** Run another command, which is judged by itself, and do nothing else with these options. */
const passing: Readonly<Record<string, string>> = {
  env: 'iu',
  nice: 'n0123456789',
  timeout: 'ksv',
  time: 'pv',
  stdbuf: 'ioe',
  nohup: '',
  command: 'p',
  builtin: '',
  exec: 'a',
  xargs: '0rtnLPIsd',
};
const shells = new Set(['sh', 'bash', 'dash', 'eval']);

/** Where programs stand that nobody in the workspace can have put there. */
const programFolders = /^\/(usr\/(local\/)?)?s?bin\/$/;

/** Asked for its version, a program does nothing else. */
const versioned =
  /^(node|npm|npx|pnpm|yarn|bun|deno|python|python3|pip|pip3|uv|ruby|go|rustc|cargo|java|javac|gcc|g\+\+|clang|make|cmake|tsc|git|docker|kubectl|php|perl|bash|curl|jq|rg)$/;

/** Why a command is not known to be harmless; `undefined` if it is. */
export function harmOf(command: SimpleCommand, place: CommandPlace): string | undefined {
  const { fields, assignments, redirects } = command;
  const set = assignments.find(({ name }) => !isTame(name));
  if (set !== undefined) return `sets "${set.name}", which may change what programs do`;
  if (assignments.some(({ value }) => value.includes(marks.variable))) return 'uses a variable of the environment';
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
  if (fields.some((field) => field.includes(marks.variable))) return 'uses a variable of the environment';
  return harmOfProgram(command, place);
}

function harmOfProgram(command: SimpleCommand, place: CommandPlace): string | undefined {
  const { fields, runs } = command;
  const name = nameOf(command);
  const args = fields.slice(1);
  if (args.length === 1 && /^(--version|-V)$/.test(args[0] ?? '') && versioned.test(name)) return undefined;
  if (name === 'command' && /^-[vV]$/.test(args[0] ?? '')) return undefined;
  if (Object.hasOwn(passing, name) && runs === 'command') {
    const { options } = readOptions(args, { ...wrappers[name], endsAtOperand: 'yes' });
    const isKnown = options.every(
      (option) => option.form === 'letter' && passing[name]?.includes(option.name) === true,
    );
    return isKnown ? undefined : `runs "${name}" with an option that is not known only to read`;
  }
  if (shells.has(name)) {
    const isPlain = name === 'eval' || args.length === 0 || /^-[eux]*c$/.test(args[0] ?? '');
    return isPlain && runs === 'text' ? undefined : `runs "${name}"`;
  }
  if (name === 'env' || name === 'printenv') return harmOfEnvironment(place);
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader === undefined) return `runs "${show(name)}", which is not known only to read`;
  const harm = reader.harm(args, place);
  if (harm !== undefined) return `runs "${name}" ${harm}`;
  return harmOfPaths(reader, command, place);
}

function harmOfEnvironment({ isConfined }: CommandPlace): string | undefined {
  return isConfined ? undefined : 'shows the environment, and secrets that are in it';
}
