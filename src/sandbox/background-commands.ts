import { randomBytes } from 'node:crypto';
import { SageError } from '../errors.ts';
import type {
  BackgroundCommand,
  BackgroundOptions,
  FollowOutputOptions,
  OutputRange,
  WaitOptions,
} from './background.ts';
import type { ExecOptions, ExecResult, OutputPiece } from './sandbox.ts';
import { Spool } from './spool.ts';
import { testPattern } from './test-pattern.ts';

/** Calls `onStarted` once the command runs. */
type Exec = (command: string, options: ExecOptions, onStarted: () => void) => AsyncGenerator<OutputPiece, ExecResult>;

/** Of a background command, which nobody need read: it stands on this machine's disk. */
export const backgroundOutputBytes = 128 * 1024 * 1024;

const defaultReadBytes = 1024 * 1024;
const followBytes = 64 * 1024;

/** The background commands of one sandbox: each a command of its `exec`, read here so that it never waits for a reader. */
export class BackgroundCommands {
  readonly #exec: Exec;
  readonly #commands: Running[] = [];

  constructor({ exec }: { readonly exec: Exec }) {
    this.#exec = exec;
  }

  /** Resolves when the command runs. @throws what it could not be started with. */
  async spawn(command: string, options: BackgroundOptions = {}): Promise<BackgroundCommand> {
    const running = new Running(command, await Spool.open());
    this.#commands.push(running);
    try {
      await new Promise<void>((resolve, reject) => {
        const output = this.#exec(command, { ...options, signal: running.signal }, resolve);
        running.start(output).then(resolve, reject);
      });
      return running;
    } catch (error) {
      this.#commands.splice(this.#commands.indexOf(running), 1);
      await running.close();
      throw error;
    }
  }

  list(): readonly BackgroundCommand[] {
    return [...this.#commands];
  }

  /** Ends all of them. Nothing can be read afterwards. */
  async close(): Promise<void> {
    await Promise.all(this.#commands.map((command) => command.close()));
  }
}

class Running implements BackgroundCommand {
  readonly id = `shtask_${randomBytes(6).toString('hex')}`;
  readonly command: string;
  readonly startedAt = new Date();
  isAcknowledged = false;
  readonly #spool: Spool;
  readonly #controller = new AbortController();
  readonly #wakers = new Set<() => void>();
  #end: { readonly result: ExecResult } | { readonly error: unknown } | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(command: string, spool: Spool) {
    this.command = command;
    this.#spool = spool;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get result(): ExecResult | undefined {
    return this.#end !== undefined && 'result' in this.#end ? this.#end.result : undefined;
  }

  get totalBytes(): number {
    return this.#spool.totalBytes;
  }

  acknowledge(): void {
    this.isAcknowledged = true;
  }

  /** Resolves when it has ended. @throws what it could not be started or read with. */
  async start(output: AsyncGenerator<OutputPiece, ExecResult>): Promise<void> {
    this.#reading = this.#readAll(output);
    await this.#reading;
    this.#outcome();
  }

  async read(offset = 0, maxBytes = defaultReadBytes): Promise<OutputRange> {
    if (this.#isClosed) throw new SageError('sandbox-closed', 'The sandbox of this command has been closed.', {});
    return await this.#spool.read(offset, maxBytes);
  }

  async *follow({ offset = 0, timeoutMs, signal }: FollowOutputOptions = {}): AsyncGenerator<
    string,
    'ended' | 'timeout'
  > {
    const until = performance.now() + (timeoutMs ?? Infinity);
    for (let at = offset; ;) {
      signal?.throwIfAborted();
      // Asked before the reading: what was written until the end is read after it.
      const hasEnded = this.#hasEnded();
      if (this.#isClosed) return 'ended';
      const { text, nextOffset } = await this.#spool.read(at, followBytes);
      at = nextOffset;
      if (text !== '') yield text;
      else if (hasEnded) return 'ended';
      else if (!(await this.#change(until, signal))) return 'timeout';
    }
  }

  async wait({ timeoutMs, pattern, signal }: WaitOptions = {}): Promise<'ended' | 'matched' | 'timeout'> {
    let seen = '';
    const options = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) };
    const output = this.follow(options);
    for (;;) {
      const next = await output.next();
      if (next.done === true) return next.value;
      if (pattern === undefined) continue;
      // What stands across two pieces is found by looking at the one before as well.
      seen = seen.slice(-followBytes) + next.value;
      if (testPattern(pattern, seen)) return 'matched';
    }
  }

  async kill(): Promise<ExecResult> {
    this.#controller.abort();
    await this.#reading;
    return this.#outcome();
  }

  async close(): Promise<void> {
    this.#controller.abort();
    await this.#reading;
    this.#isClosed = true;
    await this.#spool.close();
  }

  async #readAll(output: AsyncGenerator<OutputPiece, ExecResult>): Promise<void> {
    try {
      for (;;) {
        const next = await output.next();
        if (next.done === true) {
          this.#end = { result: next.value };
          break;
        }
        await this.#spool.add(next.value.text);
        this.#wake();
      }
    } catch (error) {
      this.#end = { error };
      await output.return(undefined as never).catch(() => undefined);
    }
    this.#wake();
  }

  /** @throws what the command failed to start or to be read with. */
  #hasEnded(): boolean {
    if (this.#end === undefined) return false;
    this.#outcome();
    return true;
  }

  #outcome(): ExecResult {
    if (this.#end !== undefined && 'result' in this.#end) return this.#end.result;
    if (this.#end !== undefined) throw this.#end.error;
    throw new SageError('sandbox-error', `The command ${this.id} has not ended.`, {});
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Resolves at the next change: true, or false when the time is up. @throws the reason of `signal`. */
  async #change(until: number, signal: AbortSignal | undefined): Promise<boolean> {
    const ms = until - performance.now();
    if (ms <= 0) return false;
    const seen = { bytes: this.totalBytes, end: this.#end };
    let timer: NodeJS.Timeout | undefined;
    let wake = () => {};
    try {
      return await new Promise((resolve, reject) => {
        wake = () => (signal?.aborted ? reject(signal.reason as Error) : resolve(true));
        this.#wakers.add(wake);
        signal?.addEventListener('abort', wake);
        if (ms < 2 ** 31) timer = setTimeout(() => resolve(false), ms);
        if (seen.bytes !== this.totalBytes || seen.end !== this.#end || signal?.aborted) wake();
      });
    } finally {
      clearTimeout(timer);
      this.#wakers.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
  }
}
