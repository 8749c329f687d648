import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { SageError, messageOf } from '../errors.ts';
import { codeOf } from './file-error.ts';
import { openPipes, type Pipes } from './pipes.ts';

/** What to start. Nothing is inherited: `env` is the whole environment, standard input is empty. */
export interface CommandSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A command that has started: the leader of the process group `pid`. Whoever reads its pipes closes them. */
export interface Command extends Pick<Pipes, 'stdout' | 'stderr'> {
  readonly process: ChildProcess;
  readonly pid: number;
}

/**
 * Starts a command as the leader of a new process group.
 *
 * @throws {SageError} `sandbox-error` when the system will not start it.
 */
export async function startCommand({ file, args, cwd, env }: CommandSpec): Promise<Command> {
  let pipes: Pipes | undefined;
  try {
    pipes = await openPipes();
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', ...pipes.writers] });
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    return { process: child, pid: child.pid, stdout: pipes.stdout, stderr: pipes.stderr };
  } catch (cause) {
    pipes?.stdout.destroy();
    pipes?.stderr.destroy();
    const why =
      codeOf(cause) === 'E2BIG'
        ? 'it is longer than the system allows. Write it to a file, and run that'
        : messageOf(cause);
    throw new SageError('sandbox-error', `The command could not be started: ${why}.`, {}, { cause });
  } finally {
    pipes?.closeWriters();
  }
}
