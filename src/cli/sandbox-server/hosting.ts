import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOptions } from '../../sandbox/local/local-sandbox.ts';
import { defaultLimits, type SandboxLimits } from '../../sandbox/limits.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { HttpError } from './http.ts';
import { HostedSandbox } from './hosted-sandbox.ts';

/** How the server has a sandbox opened. */
export interface HostedOpening extends Required<
  Pick<LocalOptions, 'workspace' | 'workspacePath' | 'mounts' | 'env' | 'network' | 'limits' | 'root'>
> {}

export interface HostingOptions {
  /** Absolute; each sandbox has a folder in it, for as long as it lives. */
  readonly root: string;
  readonly openSandbox: (opening: HostedOpening) => Promise<Sandbox>;
  /** Of each sandbox. A client may ask for less memory, not for more. */
  readonly sandboxLimits: Partial<SandboxLimits>;
  readonly network: 'off' | 'on';
  readonly idleMs: number;
  readonly mostSandboxes: number;
  readonly mostCommands: number;
  /** Told of what fails when no request is there to be told. */
  readonly onError: (error: unknown) => void;
}

export interface Wish extends Pick<HostedOpening, 'workspacePath' | 'mounts' | 'env'> {
  readonly memoryBytes: number | undefined;
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: Date | undefined;
}

/** The sandboxes of a server, from being asked for to the removal of their folders. */
export class Hosting implements AsyncDisposable {
  readonly #options: HostingOptions;
  readonly #sandboxes = new Map<string, HostedSandbox>();
  /** Those that are being opened or closed count too. */
  #taken = 0;
  readonly #work = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: HostingOptions) {
    this.#options = options;
  }

  /** @throws {HttpError} 429 when there are as many as may be; whatever the opening throws. */
  async create(wish: Wish): Promise<HostedSandbox> {
    const { mostSandboxes } = this.#options;
    if (this.#isClosed) throw new HttpError(503, 'CLOSING', 'The server is closing.');
    if (this.#taken >= mostSandboxes) {
      const message = `This server holds ${mostSandboxes} sandboxes, and takes no more. End one, or try again later.`;
      throw new HttpError(429, 'TOO_MANY_SANDBOXES', message);
    }
    this.#taken += 1;
    return await this.#track(this.#open(wish));
  }

  /** @throws {HttpError} 404. */
  get(id: string): HostedSandbox {
    const hosted = this.#sandboxes.get(id);
    if (hosted !== undefined) return hosted;
    throw new HttpError(404, 'SANDBOX_NOT_FOUND', `There is no sandbox "${id}": it has ended, or never was.`);
  }

  list(): readonly HostedSandbox[] {
    return [...this.#sandboxes.values()];
  }

  /** Kills what runs in it, and removes its folder. */
  async end(id: string): Promise<void> {
    const hosted = this.get(id);
    this.#sandboxes.delete(id);
    await this.#track(this.#remove(hosted));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#work);
    await Promise.all(this.list().map(({ id }) => this.end(id)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(wish: Wish): Promise<HostedSandbox> {
    const { image, entrypoint, metadata, expiresAt, memoryBytes = Infinity, ...opening } = wish;
    const id = randomUUID();
    const { openSandbox, idleMs, mostCommands, sandboxLimits, network, root } = this.#options;
    const most = { ...defaultLimits, ...sandboxLimits };
    const limits = { ...most, memoryBytes: Math.min(most.memoryBytes, memoryBytes) };
    try {
      // Others of this machine may pass through, as a sandbox of another user does, but not look around.
      await mkdir(this.#folder(id), { recursive: true, mode: 0o711 });
      const workspace = join(this.#folder(id), 'workspace');
      const sandbox = await openSandbox({ ...opening, workspace, limits, network, root });
      const onExpired = () => this.#expire(id);
      const about = { id, sandbox, image, entrypoint, metadata, expiresAt };
      const hosted = new HostedSandbox({ ...about, idleMs, mostCommands, onExpired });
      this.#sandboxes.set(id, hosted);
      return hosted;
    } catch (error) {
      this.#taken -= 1;
      await rm(this.#folder(id), { recursive: true, force: true });
      throw error;
    }
  }

  async #remove(hosted: HostedSandbox): Promise<void> {
    try {
      await hosted.close();
      await rm(this.#folder(hosted.id), { recursive: true, force: true });
    } finally {
      this.#taken -= 1;
    }
  }

  #expire(id: string): void {
    if (this.#sandboxes.has(id)) this.end(id).catch(this.#options.onError);
  }

  async #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  #folder(id: string): string {
    return join(this.#options.root, id);
  }
}
