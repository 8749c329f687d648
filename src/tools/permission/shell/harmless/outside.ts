import type { CommandPlace, SimpleCommand } from '../command.ts';
import { isUnknown, mayBeSeveral, show, type Field } from '../field.ts';
import { isInside, resolvePath, someFolder } from '../paths.ts';
import type { Reader } from './reader.ts';

/** What everybody may read on a host: programs, their libraries, and what they say of the machine. */
const open =
  /^\/(usr|bin|sbin|lib\w*)(\/|$)|^\/dev\/(null|zero|stdin)$|^\/dev\/fd\/\d+$|^\/proc\/(cpuinfo|meminfo|version|loadavg|uptime)$|^\/etc\/(os-release|lsb-release|debian_version)$/;

/** Why a file may not be read without asking: on a host, what is not the workspace's is not the agent's to show. */
export function harmOfReading(path: Field, { folder }: SimpleCommand, place: CommandPlace): string | undefined {
  const resolved = resolvePath(path, folder);
  if (/^\/dev\/(tcp|udp)\//.test(resolved ?? path)) return 'opens a connection';
  if (place.isConfined) return undefined;
  if (isUnknown(path) || resolved === undefined) return 'reads a file that only running would tell';
  if (open.test(resolved) || isInside(resolved, place.workspace ?? someFolder)) return undefined;
  return `reads "${show(path)}", which is not in the workspace`;
}

/** The first path among a command's arguments that may not be read without asking. */
export function harmOfPaths({ reads }: Reader, command: SimpleCommand, place: CommandPlace): string | undefined {
  if (reads === 'nothing') return undefined;
  const here = harmOfReading('.', command, place);
  if (here !== undefined) return here;
  const args = command.fields.slice(1);
  // With an option that gives the pattern, the first operand is a file.
  const hasPattern = args.some((arg) => /^-(-(reg|fil|ex|from)|[^-]*[ef])/.test(arg));
  const skipped = reads === 'after-first' && !hasPattern ? patternAt(args) : -1;
  for (const [i, arg] of args.entries()) {
    const path = i === skipped ? undefined : pathIn(arg);
    const harm = path === undefined ? undefined : harmOfReading(path, command, place);
    if (harm !== undefined) return harm;
  }
  return undefined;
}

/** Where the first operand stands, unless files may stand there with it. */
function patternAt(args: readonly Field[]): number {
  const first = args.findIndex((arg) => !arg.startsWith('-') || arg === '--');
  const at = args[first] === '--' ? first + 1 : first;
  return mayBeSeveral(args[at] ?? '') ? -1 : at;
}

/** An argument that is a path, or the one in an option: `--file=x`, `-f/x`. */
function pathIn(arg: Field): Field | undefined {
  if (!arg.startsWith('-') || mayBeSeveral(arg)) return arg;
  return /^--?[^=/]*=(.*)$/s.exec(arg)?.[1] ?? /^-[^-/.][^/.]*?((\/|\.\.).*)$/s.exec(arg)?.[1];
}
