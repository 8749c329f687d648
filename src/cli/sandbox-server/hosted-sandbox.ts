import type { Sandbox } from '../../sandbox/sandbox.ts';
import { CommandTable } from './command-table.ts';

export interface HostedOptions {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Without one only idleness ends it. */
  readonly expiresAt: Date | undefined;
  readonly idleMs: number;
  readonly mostCommands: number;
  /** Called once, when its time is up or nobody has asked for anything for `idleMs`. */
  readonly onExpired: () => void;
}

const longestTimerMs = 2 ** 31 - 1;

/** A sandbox of this server with its clocks. */
export class HostedSandbox {
  readonly id: string;
  readonly sandbox: Sandbox;
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt = new Date();
  readonly commands: CommandTable;
  readonly #idleMs: number;
  readonly #onExpired: () => void;
  #expiresAt: Date | undefined;
  #requests = 0;
  #idle: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor({ id, sandbox, image, entrypoint, metadata, expiresAt, idleMs, mostCommands, onExpired }: HostedOptions) {
    this.id = id;
    this.sandbox = sandbox;
    this.image = image;
    this.entrypoint = entrypoint;
    this.metadata = metadata;
    this.commands = new CommandTable(mostCommands);
    this.#idleMs = idleMs;
    this.#onExpired = onExpired;
    this.#expiresAt = expiresAt;
    this.#waitForExpiry();
    this.#waitForIdleness();
  }

  get expiresAt(): Date | undefined {
    return this.#expiresAt;
  }

  renew(expiresAt: Date): void {
    this.#expiresAt = expiresAt;
    this.#waitForExpiry();
  }

  /** While a request is held the sandbox is not idle; a command is one request, however long it runs. */
  hold(): Disposable {
    this.#requests += 1;
    clearTimeout(this.#idle);
    return {
      [Symbol.dispose]: () => {
        this.#requests -= 1;
        if (this.#requests === 0) this.#waitForIdleness();
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.sandbox.close();
    clearTimeout(this.#idle);
    clearTimeout(this.#expiry);
    return this.#closing;
  }

  #waitForIdleness(): void {
    clearTimeout(this.#idle);
    if (this.#closing !== undefined) return;
    this.#idle = setTimeout(this.#onExpired, Math.min(this.#idleMs, longestTimerMs));
  }

  #waitForExpiry(): void {
    clearTimeout(this.#expiry);
    if (this.#expiresAt === undefined || this.#closing !== undefined) return;
    const rest = this.#expiresAt.getTime() - Date.now();
    const isLater = rest > longestTimerMs;
    this.#expiry = setTimeout(
      () => (isLater ? this.#waitForExpiry() : this.#onExpired()),
      isLater ? longestTimerMs : Math.max(0, rest),
    );
  }
}
