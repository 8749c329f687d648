import type { Sandbox as ServerSandbox } from '@alibaba-group/opensandbox';
import { SageError } from '../../errors.ts';
import type { EndedBy, ExecResult, OutputPiece } from '../sandbox.ts';
import { createEventReader, type CommandEvent, type RawEvent } from './command-events.ts';

export interface RemoteCommand {
  readonly command: string;
  /** Absolute, in the sandbox. Default: where the server starts commands. */
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly graceMs?: number | undefined;
  /** Of standard output and standard error together; over it the command is ended. Default: none. */
  readonly outputBytes?: number | undefined;
  /** Called once the server has begun it. */
  readonly onStarted?: (() => void) | undefined;
}

/** What of the SDK a command needs. */
export type Commands = Pick<ServerSandbox['commands'], 'runStream' | 'interrupt'>;

const defaultGraceMs = 2_000;
/** Beyond the grace time, which the server may count in its own way: for the way there and back. */
const confirmMs = 15_000;
/** By how much the server's own timeout is later than ours: it counts only when we are gone. */
const serverTimeoutLagMs = 5_000;
/** For the end of a stream that has told all that matters. */
const lastWordMs = 1_000;

/** One command of a remote sandbox, from its start to its end; for one reader. */
export class RunningCommand {
  /** Resolves when the command has ended, or the connection to it. */
  readonly over: Promise<void>;
  readonly #setOver: () => void;
  readonly #commands: Commands;
  readonly #spec: RemoteCommand;
  readonly #cut = new AbortController();
  readonly #stream: AsyncIterator<RawEvent>;
  #id: string | undefined;
  #stoppedBy: EndedBy | undefined;
  #isOver = false;
  #isReading = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(commands: Commands, spec: RemoteCommand) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#setOver = resolve;
    this.#commands = commands;
    this.#spec = spec;
    const { command, cwd, env, timeoutMs } = spec;
    const options = {
      envs: { ...env },
      ...(cwd === undefined ? {} : { workingDirectory: cwd }),
      ...(timeoutMs === undefined ? {} : { timeoutSeconds: (timeoutMs + serverTimeoutLagMs) / 1_000 }),
    };
    // Sent at the first `next()`.
    this.#stream = commands.runStream(command, options, this.#cut.signal)[Symbol.asyncIterator]();
  }

  /**
   * Has the server end the command, for the first reason given. What it wrote until then can still be read; on `close`
   * a reader that is not waiting for it right now has had its time.
   */
  stop(why: EndedBy): void {
    if (this.#stoppedBy !== undefined || this.#isOver) return;
    this.#stoppedBy = why;
    this.#cutAfter((this.#spec.graceMs ?? defaultGraceMs) + confirmMs);
    this.#interrupt();
    if (why === 'close' && !this.#isReading) this.#cutNow();
  }

  /** @throws whatever the SDK throws when the server refuses; {SageError} `sandbox-error` when it is lost. */
  async *read(): AsyncGenerator<OutputPiece, ExecResult> {
    let bytes = 0;
    const toEvent = createEventReader();
    for (;;) {
      const event = await this.#next(toEvent);
      if (event === 'lost') return this.#lost();
      if (event.type === 'started') {
        this.#id = event.id;
        this.#spec.onStarted?.();
        if (this.#stoppedBy !== undefined) this.#interrupt();
      }
      if (event.type === 'output') {
        bytes += Buffer.byteLength(event.piece.text);
        if (bytes > (this.#spec.outputBytes ?? Infinity)) this.stop('output-limit');
        else yield event.piece;
      }
      if (event.type === 'refused') {
        this.#finish();
        // Stopped before the server had started it.
        if (this.#stoppedBy !== undefined) return { exitCode: 143, endedBy: this.#stoppedBy };
        throw new SageError('sandbox-error', event.message, {});
      }
      if (event.type === 'ended') {
        this.#finish();
        return { exitCode: event.exitCode, endedBy: this.#stoppedBy ?? event.endedBy };
      }
    }
  }

  /** Ends what its reader has left. */
  async abandon(): Promise<void> {
    this.stop('abort');
    while (!this.#isOver) {
      const event = await this.#next(createEventReader()).catch(() => 'lost' as const);
      if (event === 'lost' || event.type === 'ended' || event.type === 'refused') this.#finish();
      else if (event.type === 'started') {
        this.#id = event.id;
        this.#interrupt();
      }
    }
  }

  async #next(toEvent: (raw: RawEvent) => CommandEvent | undefined): Promise<CommandEvent | 'lost'> {
    this.#isReading = true;
    try {
      for (;;) {
        const next = await this.#stream.next();
        if (next.done === true) return 'lost';
        const event = toEvent(next.value);
        if (event !== undefined) return event;
      }
    } catch (error) {
      // Before its first word the server may have refused; afterwards only the wire can fail.
      if (this.#id === undefined && this.#stoppedBy === undefined) {
        this.#finish();
        throw error;
      }
      return 'lost';
    } finally {
      this.#isReading = false;
    }
  }

  #lost(): ExecResult {
    this.#finish();
    // What is closed ends with its sandbox or its connection.
    if (this.#stoppedBy === 'close') return { exitCode: 137, endedBy: 'close' };
    const message =
      this.#stoppedBy === undefined
        ? 'The connection to the sandbox server broke while the command ran. It may have ended, or may still run: look at what it has done before you run it again.'
        : 'The sandbox server did not confirm that the command was ended: it may still run. Close the sandbox to end it for sure.';
    throw new SageError('sandbox-error', message, {});
  }

  /** What it fails with shows in the stream; what has ended by itself meanwhile is no failure. */
  #interrupt(): void {
    if (this.#id !== undefined) void this.#commands.interrupt(this.#id).catch(() => {});
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#setOver();
    // Read to its end a connection can be used again; there is nothing left in it but that end.
    this.#cutAfter(lastWordMs);
    void this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      while ((await this.#stream.next()).done !== true);
    } catch {
      // Cut.
    } finally {
      clearTimeout(this.#patience);
    }
  }

  #cutAfter(ms: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#cutNow(), ms);
  }

  #cutNow(): void {
    clearTimeout(this.#patience);
    this.#cut.abort();
    this.#setOver();
  }
}
