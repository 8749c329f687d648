import { hasOutlivedLeader, killGroup } from './process-group.ts';
import { hasEnded, hasExited, readOutput } from './read-output.ts';
import type { ExecResult, OutputPiece } from './sandbox.ts';
import { startCommand, type Command, type CommandSpec } from './start-command.ts';

interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** From SIGTERM to SIGKILL. Default 2,000. */
  readonly graceMs?: number | undefined;
}

const defaultGraceMs = 2_000;
/** Of one pipe nobody reads. Who writes more waits, or a runaway writer would keep this process busy. */
const mostUnreadBytes = 64 * 1024 * 1024;

/**
 * The commands of one sandbox, each the leader of a process group of its own.
 *
 * What a command left running when it ended runs on until `close`; its output goes nowhere. A process that leaves its
 * group on purpose (`setsid`) is out of reach here.
 */
export class Processes implements AsyncDisposable {
  readonly #running = new Set<() => Promise<void>>();
  readonly #leftBehind = new Set<Command>();

  /**
   * Runs a command, yields its output, and returns how it ended. Aborting `signal`, closing the generator early and
   * `close()` kill its group; the generator then ends when the group is gone.
   *
   * @throws the reason of a `signal` that was aborted before the start.
   * @throws {SageError} `sandbox-error` when the command cannot be started.
   */
  async *run(
    spec: CommandSpec,
    { signal, graceMs = defaultGraceMs }: RunOptions = {},
  ): AsyncGenerator<OutputPiece, ExecResult> {
    signal?.throwIfAborted();
    const starting = startCommand(spec);
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= killOnceStarted(starting, graceMs));
    const onAbort = () => void stop();
    this.#running.add(stop);
    signal?.addEventListener('abort', onAbort);
    let command: Command | undefined;
    let result: ExecResult | undefined;
    try {
      command = await starting;
      result = yield* readOutput(command);
      return result;
    } finally {
      if (result === undefined) onAbort();
      await stopped;
      if (command !== undefined && stopped === undefined) this.#leave(command);
      if (command !== undefined && stopped !== undefined) closePipes(command);
      signal?.removeEventListener('abort', onAbort);
      this.#running.delete(stop);
    }
  }

  /** Kills what still runs and what was left behind. Nothing may be started afterwards. */
  async close(): Promise<void> {
    const left = [...this.#leftBehind];
    this.#leftBehind.clear();
    await Promise.all([...[...this.#running].map((stop) => stop()), ...left.map((command) => kill(command))]);
    left.forEach(closePipes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Keeps in mind what outlives its command, and forgets what is gone meanwhile. */
  #leave(command: Command): void {
    drainPipes(command);
    this.#leftBehind.add(command);
    for (const one of this.#leftBehind) if (!isLeft(one)) this.#leftBehind.delete(one);
  }
}

/** What fails to start needs no kill: `run` throws the failure. */
async function killOnceStarted(starting: Promise<Command>, graceMs: number): Promise<void> {
  const command = await starting.catch(() => undefined);
  if (command !== undefined) await kill(command, graceMs);
}

async function kill(command: Command, graceMs = defaultGraceMs): Promise<void> {
  // Once the command has been reaped, its number may name a stranger's group.
  if (hasExited(command) && !hasOutlivedLeader(command.pid)) return;
  await killGroup(command.pid, graceMs);
}

function isLeft(command: Command): boolean {
  return hasOutlivedLeader(command.pid) || !pipesOf(command).every(hasEnded);
}

/** Lets what still writes go on writing, up to a limit, without keeping this process alive for it. */
function drainPipes(command: Command): void {
  for (const pipe of pipesOf(command)) {
    let unread = 0;
    pipe.on('error', () => {});
    pipe.on('data', (text: string) => {
      unread += text.length;
      if (unread > mostUnreadBytes) pipe.pause();
    });
    pipe.unref();
  }
}

function closePipes(command: Command): void {
  for (const pipe of pipesOf(command)) pipe.destroy();
}

function pipesOf({ stdout, stderr }: Command) {
  return [stdout, stderr];
}
