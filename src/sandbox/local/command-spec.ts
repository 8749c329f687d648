import type { SandboxLimits } from '../limits.ts';
import type { ExecOptions } from '../sandbox.ts';
import type { CommandSpec } from '../start-command.ts';
import { commandArgs, confined, type CommandView } from './bwrap-args.ts';
import type { Loopback } from './loopback.ts';
import type { User } from './workspace-user.ts';

/** What the commands of one sandbox have in common. */
export interface CommandSetting {
  readonly view: CommandView;
  readonly user: User | undefined;
  readonly limits: SandboxLimits;
  readonly env: Readonly<Record<string, string>>;
  /** Where the network is off. */
  readonly loopback: Pick<Loopback, 'enter'> | undefined;
  /** Whether it waits until it has been put into its control group. */
  readonly gate: 'none' | 'fd-5';
}

/** What a command finds in its environment. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/home/agent',
  USER: 'agent',
  LOGNAME: 'agent',
  SHELL: '/bin/sh',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
} as const;

/** The line that starts a command in its sandbox: into the network, bwrap, the limits of each process, the shell. */
export function toCommandSpec(
  command: string,
  { cwd, env, stdin }: { readonly cwd: string } & Pick<ExecOptions, 'env' | 'stdin'>,
  { view, user, limits, env: common, loopback, gate }: CommandSetting,
): CommandSpec {
  const variables = Object.entries({ ...environment, ...common, ...env });
  const options = [
    ...confined,
    ...commandArgs(view, Math.floor(limits.memoryBytes / 4)),
    '--chdir',
    cwd,
    '--json-status-fd',
    '3',
    '--clearenv',
    ...(gate === 'fd-5' ? ['--block-fd', '5'] : []),
    ...variables.flatMap(([name, value]) => ['--setenv', name, value]),
  ];
  const [file, ...args] = [
    ...(loopback?.enter ?? []),
    'bwrap',
    '--args',
    '4',
    '--',
    'prlimit',
    // Of data, not of address space: runtimes reserve far more of that than they use.
    `--nproc=${limits.processes}`,
    `--data=${limits.memoryBytes}`,
    `--cpu=${limits.cpuSeconds}`,
    `--fsize=${limits.fileBytes}`,
    '--core=0',
    '/bin/sh',
    '-c',
    command,
  ];
  // Out of sight of everybody's `ps`, and of bwrap's own environment: LD_PRELOAD must not reach what runs outside.
  const outside = { PATH: environment.PATH };
  return { file, args, cwd: '/', env: outside, stdin, user, report: 'fd-3', gate, options: options.join('\0') };
}
