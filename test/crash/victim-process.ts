import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { MessageChunk, RunOutcome } from 'sagents';
import type { SentMessage } from './answers.ts';
import type { ProgramName } from './programs.ts';

export interface VictimOptions {
  readonly root: string;
  readonly sessionId: string;
  /** What the user says; nothing goes on with what was left. */
  readonly input?: string | undefined;
  /** The address of a provider to ask with the `openai` client; without one the scripted model answers. */
  readonly provider?: string | undefined;
  /** What it runs. Default `simple`. */
  readonly program?: ProgramName;
  /** What it tells its run, and at which piece of text; `to` is whoever has said that, or the session itself, which is the default. */
  readonly guidance?: { readonly at: string; readonly content: string; readonly to?: 'session' | 'speaker' };
  /** How long the scripted model pauses. Default 2. */
  readonly paceMs?: number;
}

/** What a victim tells, in the order it happens. */
export type VictimWord =
  | { readonly type: 'ready' }
  | { readonly type: 'request'; readonly messages: readonly SentMessage[] }
  | { readonly type: 'chunk'; readonly chunk: MessageChunk }
  /** Its guidance is durable. */
  | { readonly type: 'guided' }
  | { readonly type: 'outcome'; readonly outcome: RunOutcome }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'unhandled'; readonly message: string };

/** Type stripping alone cannot run `using` where the engine does not know it yet. */
const loader = Number(process.versions.node.split('.')[0]) >= 24 ? [] : ['--import', 'tsx'];
const program = fileURLToPath(new URL('./victim.ts', import.meta.url));

/** A process running `victim.ts`. Disposing it kills it. */
export class Victim implements AsyncDisposable {
  readonly words: VictimWord[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: Interface;
  readonly #closed: Promise<void>;
  #isClosed = false;
  #errors = '';
  #torn = '';

  /** `cache` is a folder for compiled code, which lets the next ones start sooner. */
  constructor(options: VictimOptions, cache = '') {
    const args = ['-C', 'sagents-source', ...loader, program, JSON.stringify(options)];
    const env = { ...process.env, ...(cache === '' ? {} : { NODE_COMPILE_CACHE: cache }) };
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on('line', (line) => this.#hear(line));
    this.#closed = this.#close();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get chunks(): MessageChunk[] {
    return this.words.flatMap((word) => (word.type === 'chunk' ? [word.chunk] : []));
  }

  get requests(): (readonly SentMessage[])[] {
    return this.words.flatMap((word) => (word.type === 'request' ? [word.messages] : []));
  }

  /** How its run ended: an outcome, or what `next` rejected with. */
  get end(): Extract<VictimWord, { type: 'outcome' | 'failed' }> | undefined {
    return this.words.find((word) => word.type === 'outcome' || word.type === 'failed');
  }

  /** Resolves when what it has told fits. */
  async until(fits: (victim: this) => boolean): Promise<void> {
    while (!fits(this)) {
      if (this.#isClosed)
        throw new Error(`The victim is gone. It said: ${JSON.stringify(this.words.at(-1))} ${this.#errors}`);
      await Promise.race([once(this.#lines, 'line'), this.#closed]);
    }
  }

  ready(): Promise<void> {
    return this.until(({ words }) => words.length > 0);
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP'): void {
    this.#child.kill(signal);
  }

  /** Resolves when it is gone and all it told has been read. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  /** Resolves when it has ended by itself, or was killed. */
  async ended(): Promise<void> {
    await this.#closed;
    const unhandled = this.words.some(({ type }) => type === 'unhandled');
    if (unhandled || (this.#child.exitCode ?? 0) !== 0)
      throw new Error(`${JSON.stringify(this.words.at(-1))} ${this.#errors}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL');
    return this.#closed;
  }

  /** Killed while it told something, it has not told it: only the last line may be torn. */
  #hear(line: string): void {
    if (this.#torn !== '') throw new Error(`The victim went on after a torn line: ${this.#torn}`);
    try {
      this.words.push(JSON.parse(line) as VictimWord);
    } catch {
      this.#torn = line;
    }
  }

  async #close(): Promise<void> {
    await Promise.all([once(this.#child, 'close'), once(this.#lines, 'close')]);
    this.#isClosed = true;
  }
}
