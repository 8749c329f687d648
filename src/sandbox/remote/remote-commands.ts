import type { ExecResult, OutputPiece } from '../sandbox.ts';
import { SageError, isSageError } from '../../errors.ts';
import { explain, toRefusal, toRemoteError } from './remote-error.ts';
import { RunningCommand, type Commands, type RemoteCommand } from './running-command.ts';

const longestTimerMs = 2 ** 31 - 1;

/**
 * The commands this process has running in one remote sandbox.
 *
 * Output is read from the wire only as it is asked for. To end a command the server is told to interrupt it, and its end
 * is waited for; a server that does not confirm it in time has the connection cut. A command is never sent twice.
 */
export class RemoteCommands {
  readonly #commands: Commands;
  readonly #apiKey: string;
  readonly #running = new Set<RunningCommand>();

  constructor(commands: Commands, apiKey: string) {
    this.#commands = commands;
    this.#apiKey = apiKey;
  }

  /**
   * Aborting the signal, the timeout, closing the generator early and `close()` end it on the server.
   *
   * @throws the reason of a `signal` that was aborted before the start.
   * @throws {SageError} `sandbox-error` when the server cannot start it, is lost meanwhile, or does not confirm its end.
   */
  async *run(spec: RemoteCommand): AsyncGenerator<OutputPiece, ExecResult> {
    const { signal, timeoutMs } = spec;
    signal?.throwIfAborted();
    const running = new RunningCommand(this.#commands, spec);
    this.#running.add(running);
    const onAbort = () => running.stop('abort');
    signal?.addEventListener('abort', onAbort);
    const ms = Math.min(timeoutMs ?? Infinity, longestTimerMs);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => running.stop('timeout'), ms);
    try {
      return yield* running.read();
    } catch (error) {
      throw this.#explain(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      await running.abandon();
      this.#running.delete(running);
    }
  }

  /** Ends all that run, and resolves when they are gone, or cut off. */
  async close(): Promise<void> {
    const running = [...this.#running];
    running.forEach((one) => one.stop('close'));
    await Promise.all(running.map(({ over }) => over));
  }

  #explain(error: unknown): SageError {
    if (isSageError(error) || toRefusal(error) !== undefined) return toRemoteError(error, this.#apiKey);
    const what = 'Whether the command was started is not known: look at what it has done before you run it again.';
    return new SageError('sandbox-error', `${explain(error, this.#apiKey)} ${what}`, {});
  }
}
