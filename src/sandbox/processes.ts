import { constants } from 'node:os';
import { mapBatches } from '../streams/map-batches.ts';
import { PipeSource } from './pipes.ts';
import { hasOutlivedLeader, killGroup } from './process-group.ts';
import { hasExited, readOutput } from './read-output.ts';
import type { EndedBy, ExecOptions, ExecResult, OutputPiece } from './sandbox.ts';
import { startCommand, type Command, type CommandSpec } from './start-command.ts';

export interface RunOptions extends Pick<ExecOptions, 'signal' | 'timeoutMs'> {
  /** From SIGTERM to SIGKILL. Default 2,000. */
  readonly graceMs?: number | undefined;
  /** Of both streams together; a command that writes more is killed. Default: no limit. */
  readonly outputBytes?: number | undefined;
  /** Called once it runs. */
  readonly onStarted?: (() => void) | undefined;
}

/** Ends a command, with all it started. Resolves when it is gone. */
export type EndCommand = (command: Command, graceMs: number) => Promise<void>;

/** What is particular to one kind of command. */
export interface ProcessRules {
  /** Default: ends the group; a process that leaves its group on purpose (`setsid`) is out of its reach. */
  readonly end?: EndCommand;
  /** Called once it has started; it may still wait at its gate. */
  readonly admit?: (command: Command) => Promise<void>;
  /** What an end was really, or throws what it means; `errors` is the beginning of its standard error. */
  readonly judge?: (result: ExecResult, command: Command, errors: string) => Promise<ExecResult>;
}

/** A command on its way, as those see it who watch over it. */
export interface RunningCommand {
  readonly command: Promise<Command>;
  readonly stop: (reason: EndedBy) => void;
}

const defaultGraceMs = 2_000;
/** For what a command left running when it ended: it was not asked to stay. */
const leftoverGraceMs = 250;
/** Characters of standard error that are looked at. */
const errorsKept = 500;

/** The commands of one sandbox, each the leader of a process group of its own. */
export class Processes implements AsyncDisposable {
  readonly #rules: ProcessRules;
  readonly #end: EndCommand;
  readonly #pipes = new PipeSource();
  readonly #running = new Set<RunningCommand & { readonly stopped: () => Promise<void> }>();

  constructor(rules: ProcessRules = {}) {
    this.#rules = rules;
    this.#end = rules.end ?? endGroup;
  }

  get running(): readonly RunningCommand[] {
    return [...this.#running];
  }

  /**
   * Runs a command, yields its output, and returns how it ended. Aborting `signal`, closing the generator early, `close()`
   * and the limits end it with everything it started, and so does its own end.
   *
   * @throws the reason of a `signal` that was aborted before the start.
   * @throws {SageError} `sandbox-error` when the command cannot be started.
   */
  async *run(spec: CommandSpec, options: RunOptions = {}): AsyncGenerator<OutputPiece, ExecResult> {
    const { signal, timeoutMs, graceMs = defaultGraceMs, outputBytes = Infinity } = options;
    signal?.throwIfAborted();
    const starting = startCommand(spec, this.#pipes);
    let endedBy: EndedBy = 'exit';
    let stopped: Promise<void> | undefined;
    let command: Command | undefined;
    const stop = (reason: EndedBy) => {
      if (stopped !== undefined || (command !== undefined && hasExited(command))) return;
      endedBy = reason;
      stopped = this.#endOnceStarted(starting, graceMs);
    };
    const running = { command: starting, stop, stopped: async () => stopped };
    this.#running.add(running);
    const onAbort = () => stop('abort');
    signal?.addEventListener('abort', onAbort);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('timeout'), timeoutMs);
    let bytes = 0;
    let errors = '';
    const count = (piece: OutputPiece) => {
      bytes += Buffer.byteLength(piece.text);
      if (piece.stream === 'stderr' && errors.length < errorsKept) errors += piece.text.slice(0, errorsKept);
      if (bytes > outputBytes) stop('output-limit');
      return piece;
    };
    let leftovers: Promise<void> | undefined;
    try {
      command = await starting;
      const onExit = () => {
        leftovers ??= this.#end(command as Command, leftoverGraceMs);
      };
      if (hasExited(command)) onExit();
      else command.process.once('exit', onExit);
      await this.#rules.admit?.(command);
      options.onStarted?.();
      yield* mapBatches(readOutput(command), count);
      await stopped;
      const result = { exitCode: exitCodeOf(command), endedBy };
      return (await this.#rules.judge?.(result, command, errors)) ?? result;
    } finally {
      stop('abort');
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      await stopped;
      await leftovers;
      for (const pipe of command === undefined ? [] : [command.stdout, command.stderr]) pipe.destroy();
      this.#running.delete(running);
    }
  }

  /** Kills what still runs. Nothing may be started afterwards. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const { stop } of running) stop('close');
    await Promise.all(running.map(({ stopped }) => stopped()));
    await this.#pipes.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What fails to start needs no end: `run` throws the failure. */
  async #endOnceStarted(starting: Promise<Command>, graceMs: number): Promise<void> {
    const command = await starting.catch(() => undefined);
    if (command !== undefined) await this.#end(command, graceMs);
  }
}

async function endGroup(command: Command, graceMs: number): Promise<void> {
  // Once the command has been reaped, its number may name a stranger's group.
  if (hasExited(command) && !hasOutlivedLeader(command.pid)) return;
  await killGroup(command.pid, graceMs);
}

/** As a shell tells it. */
function exitCodeOf({ process }: Command): number {
  return process.exitCode ?? 128 + (process.signalCode === null ? 0 : constants.signals[process.signalCode]);
}
