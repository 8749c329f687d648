import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The server as its users start it: a process of its own, on a port of its own, with sessions of its own. */
export class SageServer implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sage-server-'));
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  port = 0;

  private constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<SageServer> {
    const server = new SageServer(env);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where it keeps its sessions. */
  get sessions(): string {
    return join(this.#folder, 'sessions');
  }

  /** Again on the same port and the same sessions, if it was started before. */
  async start(): Promise<void> {
    const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...inherited } = process.env;
    const env = {
      ...inherited,
      SAGE_PACE_MS: '4',
      ...this.#env,
      SAGE_SESSIONS: this.sessions,
      PORT: String(this.port),
    };
    const args = ['--import', 'tsx', '-C', 'sagents-source', 'examples/sage-server/main.ts'];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
      return;
    }
    throw new Error('The server ended before it listened.');
  }

  /** Resolves to its exit code, or to the signal that ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    child.kill(signal);
    const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
    return code ?? by;
  }

  /** Each test knows what it has asked for. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async call(path: string, method = 'GET', body?: unknown): Promise<{ status: number; body: any }> {
    const response = await fetch(`${this.url}/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
