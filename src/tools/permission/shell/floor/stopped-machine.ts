import { nameOf, type SimpleCommand } from '../command.ts';
import { resolvePath } from '../paths.ts';
import { readOptions } from '../read-options.ts';
import { writtenPaths } from './written-paths.ts';

const powerVerbs =
  /^(poweroff|reboot|halt|kexec|soft-reboot|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|emergency|rescue)$/;

/** What is written here the kernel does at once. */
const kernelFiles = /^\/(proc\/sysrq-trigger|sys\/power\/(state|disk))$/;

/** A command that stops the machine, or every process on it, as the reason. */
export function stoppedMachine(command: SimpleCommand): string | undefined {
  const name = nameOf(command);
  const [, ...args] = command.fields;
  const { operands } = readOptions(args, { valued: 'pHMstPn' });
  const isKernelTold = [...writtenPaths(command)].some((path) =>
    kernelFiles.test(resolvePath(path, command.folder) ?? path),
  );
  if (isKernelTold) return 'makes the kernel stop or restart the machine';
  // A program of the project's own may have such a name.
  if (/^[^/].*\//.test(command.fields[0] ?? '')) return undefined;
  switch (name) {
    case 'shutdown':
      // -c takes one back that was planned.
      return args.some((arg) => arg === '-c' || arg === '--help') ? undefined : stops(name);
    case 'reboot':
    case 'halt':
    case 'poweroff':
    case 'killall5':
    case 'pm-suspend':
    case 'pm-hibernate':
      return args.includes('--help') ? undefined : stops(name);
    case 'init':
    case 'telinit':
      return /^[06sS1]$/.test(operands[0] ?? '') ? stops(`${name} ${operands[0]}`) : undefined;
    case 'systemctl':
    case 'loginctl': {
      const verb = operands[0] ?? '';
      const target = verb === 'isolate' || verb === 'start' ? (operands[1] ?? '').replace(/\.target$/, '') : verb;
      return powerVerbs.test(target) ? stops(`${name} ${operands.join(' ')}`) : undefined;
    }
    case 'kexec':
      return args.some((arg) => arg === '-e' || arg === '--exec') ? stops(name) : undefined;
    case 'kill':
      return isBroadcast(args) ? 'sends a signal to every process there is' : undefined;
    default:
      return undefined;
  }
}

function stops(what: string): string {
  return `stops or restarts the machine with "${what}"`;
}

/** `-1` in the place of a process is all of them; in the first place it is a signal. */
function isBroadcast(args: readonly string[]): boolean {
  const [first = '', second = ''] = args;
  const rest = /^-[sn]$/.test(first) ? args.slice(2) : first.startsWith('-') ? args.slice(1) : args;
  if (first === '--') return second === '-1' || args.slice(1).includes('-1');
  return rest.includes('-1');
}
