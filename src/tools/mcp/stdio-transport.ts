import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import {
  ReadBuffer,
  SdkError,
  SdkErrorCode,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { messageOf } from '../../errors.ts';
import { buildEnvironment } from '../../sandbox/passthrough/environment.ts';
import { hasOutlivedLeader, killGroup } from '../../sandbox/process-group.ts';
import { endWithHost } from './end-with-host.ts';
import { endsWithin } from './ends-within.ts';
import { mostMessageBytes } from './limits.ts';
import type { StdioTarget } from './read-config.ts';

/** What a server has to end by itself when its input ends, and then from SIGTERM to SIGKILL. */
const graceMs = 1_000;
/** For processes that a server has left behind, and for output that nobody will end. */
const leftoverMs = 250;
/** Characters of standard error that are kept to explain an end. */
const errorsKept = 1_000;

/**
 * A server as a process of its own. Unlike the client's own transport it ends the server with all that it started (`npx` is not the
 * server), gives it a built environment, and does not keep this process alive.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  /** The client takes a transport with this and a `pid` for one whose server may be silent about what it does not know. */
  readonly stderr = null;
  readonly #target: StdioTarget;
  readonly #buffer = new ReadBuffer({ maxBufferSize: mostMessageBytes });
  #child: ChildProcessWithoutNullStreams | undefined;
  #gone: Promise<void> | undefined;
  #errors = '';
  /** Each message after the one before: the client hears of progress a moment later, and by an answer no more at all. */
  #delivery = Promise.resolve();
  #isClosing = false;
  #end: string | undefined;

  constructor(target: StdioTarget) {
    this.#target = target;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** How the server has ended that was not told to, with the last it said of it. */
  get end(): string | undefined {
    return this.#end;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#target;
    const child = spawn(command, args, {
      cwd,
      env: buildEnvironment(process.env, env),
      // A group of its own, which can be ended as one.
      detached: true,
      windowsHide: true,
      stdio: 'pipe',
    });
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error')) as unknown[];
      // A folder that is not there is ENOENT too.
      throw new Error(`${command} cannot be started in ${cwd}: ${messageOf(error)}`);
    }
    // Before anything is waited for: from now on it can be ended.
    this.#child = child;
    this.#gone = this.#untilGone(child, child.pid);
    child.on('error', this.#tell);
    // Of a pipe to a server that has ended: its end is told by itself.
    for (const stream of child.stdio) stream?.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-errorsKept);
    });
    child.unref();
    for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || !stdin.writable) {
      throw new SdkError(SdkErrorCode.NotConnected, 'The server takes no more input');
    }
    if (stdin.writableLength > mostMessageBytes) this.#giveUp('it does not read what it is sent');
    const error = await new Promise<Error | null | undefined>((resolve) =>
      stdin.write(serializeMessage(message), resolve),
    );
    if (error == null) return;
    // Most often it has ended, and its end says more than a broken pipe.
    await endsWithin(this.#gone ?? Promise.resolve(), graceMs);
    throw error;
  }

  /** Ends the server: its input first, then SIGTERM, then SIGKILL. Resolves when it is gone. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || this.#gone === undefined) return;
    this.#isClosing = true;
    // Whoever waits for the end is kept alive until it is there.
    child.ref();
    child.stdin.end();
    if (await endsWithin(this.#gone, graceMs)) return;
    // Once it has been reaped, its number may name a stranger's group.
    if (child.exitCode === null && child.signalCode === null) await killGroup(child.pid, graceMs);
    await this.#gone;
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
    } catch {
      this.#giveUp(`it sent a message of more than ${mostMessageBytes} bytes`);
      return;
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.#delivery = this.#delivery.then(() => this.onmessage?.(message)).catch(this.#tell);
      } catch (error) {
        this.#tell(error as Error);
      }
    }
  }

  #giveUp(why: string): void {
    this.#end = why;
    this.#child?.stdout.destroy();
    this.close().catch(this.#tell);
  }

  readonly #tell = (error: Error): void => this.onerror?.(error);

  async #untilGone(child: ChildProcessWithoutNullStreams, pid: number): Promise<void> {
    using _registered = endWithHost(pid);
    const closed = new Promise((resolve) => child.once('close', resolve));
    const how = await new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(code === null ? String(signal) : `exit code ${code}`)),
    );
    if (hasOutlivedLeader(pid)) await killGroup(pid, leftoverMs);
    // What it said last may still be in the pipe; a process that left the group may hold it open.
    if (!(await endsWithin(closed, leftoverMs))) for (const stream of child.stdio) stream?.destroy();
    if (!this.#isClosing) this.#end = `it ended with ${how}${lastWords(this.#errors)}`;
    this.#buffer.clear();
    this.onclose?.();
  }
}

/** The lines that say something: not where in a program it was. */
function lastWords(errors: string): string {
  const lines = errors.split('\n').filter((line) => /^\S{3}/.test(line) && !line.startsWith('Node.js v'));
  return lines.length === 0 ? '' : `; it said: ${lines.slice(-3).join(' ')}`;
}
