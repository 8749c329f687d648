import type { CommandPlace, SimpleCommand } from '../command.ts';
import { isUnknown, show, type Field } from '../field.ts';
import { isInside, resolvePath, someFolder } from '../paths.ts';
import type { Reader } from './readers.ts';

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
  const hasPattern = args.some((arg) => /^-(-?(regexp|file|expression|from-file)|[a-zA-Z]*[ef])/.test(arg));
  const isPattern = reads === 'after-first' && !hasPattern;
  const firstOperand = isPattern ? args.findIndex((arg) => !arg.startsWith('-')) : -1;
  for (const [i, arg] of args.entries()) {
    // A value may stand in the option itself.
    const path = arg.startsWith('-')
      ? (/^--?[^=/]*=(.*)$/s.exec(arg)?.[1] ?? /^-\w((\/|\.\.).*)$/s.exec(arg)?.[1])
      : arg;
    const harm = path === undefined || i === firstOperand ? undefined : harmOfReading(path, command, place);
    if (harm !== undefined) return harm;
  }
  return undefined;
}
