import { setTimeout as delay } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/client';
import { SageError } from '../../errors.ts';
import { linkAbort, untilAborted } from '../../streams/abort.ts';
import { Backoff } from './backoff.ts';
import { callFailure, describeFailure, isUntouched } from './call-failure.ts';
import { callRemote } from './call-remote.ts';
import { Connection, type CallOptions } from './connection.ts';
import { hideSecrets, maskSecrets } from './hide-secrets.ts';
import { refreshPauseMs } from './limits.ts';
import type { RemoteTool } from './mcp-tool.ts';
import { PacedTask } from './paced-task.ts';
import type { ServerSettings } from './read-config.ts';
import { failedCall, goneOrChanged } from './remote-errors.ts';
import { ServerTools } from './server-tools.ts';
import { toolPrefixOf } from './tool-name.ts';

export interface McpServerStatus {
  readonly name: string;
  /** `closed` is a server that was closed, or is disabled in its config. */
  readonly status: 'connected' | 'connecting' | 'failed' | 'closed';
  readonly transport: 'stdio' | 'http';
  /** Names of the tools it offers. One that has failed offers what it did before: a call connects to it again. */
  readonly tools: readonly string[];
  /** What it has failed of. It holds no value of the config's `env` and `headers`. */
  readonly error?: string;
  /** What the server lists and is not offered, each with the reason. */
  readonly leftOut?: readonly string[];
}

type State =
  | { readonly type: 'new' }
  | { readonly type: 'connecting'; readonly connection: Promise<Connection> }
  | { readonly type: 'connected'; readonly connection: Connection; readonly error?: string }
  | { readonly type: 'failed'; readonly error: string }
  | { readonly type: 'closed' };

/** A call waits so long for a server that is being left alone, and no longer. */
const mostWaitMs = 5_000;

/**
 * One server of the config: connects to it, keeps its tools, and connects again when it is needed and the connection is gone. Nothing
 * runs for it while nobody wants anything of it.
 */
export class McpServer {
  readonly #settings: ServerSettings;
  readonly #backoff: Backoff;
  readonly #tools: ServerTools;
  readonly #refresh = new PacedTask(() => this.#readTools(), refreshPauseMs);
  readonly #closing = new AbortController();
  /** Connections that are on their way out. */
  readonly #endings = new Set<Promise<void>>();
  #state: State = { type: 'new' };

  constructor(settings: ServerSettings, now: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#backoff = new Backoff(now);
    this.#tools = new ServerTools(settings, (remote, args, context) => callRemote(this, remote, args, context));
    if (settings.target === undefined) this.#state = { type: 'closed' };
  }

  get status(): McpServerStatus {
    const { name, transport } = this.#settings;
    const { type } = this.#state;
    const { leftOut } = this.#tools;
    return {
      name,
      status: type === 'new' ? 'connecting' : type,
      transport,
      tools: this.tools.map(({ tool }) => tool.name),
      ...('error' in this.#state ? { error: this.#state.error } : {}),
      ...(leftOut.length === 0 ? {} : { leftOut }),
    };
  }

  get tools(): readonly RemoteTool[] {
    return this.#state.type === 'closed' ? [] : this.#tools.list();
  }

  /** How its tools will be named, while they are not known; `undefined` once they are. */
  get pendingPrefix(): string | undefined {
    const isKnown = this.#state.type !== 'closed' && this.#tools.isKnown;
    return isKnown ? undefined : toolPrefixOf(this.#settings.name);
  }

  getTool(name: string): RemoteTool | undefined {
    return this.#state.type === 'closed' ? undefined : this.#tools.get(name);
  }

  /** Connects where that is possible. Resolves when it has, or has failed. */
  async connect(): Promise<void> {
    if (this.#state.type === 'closed') return;
    await this.#connect().catch(() => {});
  }

  /** Somebody looks at the tools: a server that has failed is tried again, unless it has failed just now. */
  nudge(): void {
    const isWanted = this.#state.type === 'new' || (this.#state.type === 'failed' && this.#backoff.leftMs === 0);
    if (isWanted) this.#connect().catch(() => {});
  }

  /**
   * Sends a call, and once more only if the server has provably not had it.
   *
   * @throws {SageError} `tool-error` that says whether the call has run.
   */
  async call(remote: RemoteTool, args: unknown, options: CallOptions): Promise<CallToolResult> {
    for (let isFirst = true; ; isFirst = false) {
      const connection = await this.#connected(remote, options.signal);
      if (!this.#tools.isCurrent(remote)) throw goneOrChanged(remote, this.status);
      try {
        return await connection.callTool(remote.definition, args, options);
      } catch (error) {
        options.signal.throwIfAborted();
        const failure = callFailure(error);
        if (isUntouched(failure)) this.#drop(connection);
        if (!isUntouched(failure) || !isFirst)
          throw failedCall(remote, this.#settings.name, failure.type, this.#textOf(connection.end ?? failure.why));
      }
    }
  }

  /** What it says, for others to read. */
  withoutSecrets(text: string): string {
    return maskSecrets(text, this.#settings.secrets);
  }

  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { type: 'closed' };
    this.#closing.abort(new Error('it was closed'));
    this.#refresh[Symbol.dispose]();
    if (state.type === 'connected') this.#end(state.connection);
    if (state.type === 'connecting') await state.connection.catch(() => {});
    await Promise.all(this.#endings);
  }

  async #connected(remote: RemoteTool, signal: AbortSignal): Promise<Connection> {
    const { name } = this.#settings;
    try {
      if (this.#state.type === 'connected') return this.#state.connection;
      const { leftMs } = this.#backoff;
      if (this.#state.type === 'failed' && leftMs > mostWaitMs) {
        throw new Error(`${this.#state.error}. It is tried again in ${Math.ceil(leftMs / 1000)} s`);
      }
      if (this.#state.type === 'failed') await delay(leftMs, undefined, { signal });
      return await untilAborted(this.#connect(), signal);
    } catch (error) {
      signal.throwIfAborted();
      const message = `MCP server "${name}" is not connected: ${this.#textOf(error)}. The call was not run.`;
      throw new SageError('tool-error', message, { tool: remote.tool.name });
    }
  }

  #connect(): Promise<Connection> {
    if (this.#state.type === 'connecting') return this.#state.connection;
    if (this.#state.type === 'connected') return Promise.resolve(this.#state.connection);
    if (this.#state.type === 'closed') return Promise.reject(new Error('it was closed'));
    const connection = this.#open();
    this.#state = { type: 'connecting', connection };
    return connection;
  }

  async #open(): Promise<Connection> {
    const { target, connectTimeoutMs: timeoutMs } = this.#settings;
    using stop = linkAbort(this.#closing.signal);
    const timer = setTimeout(() => stop.abort(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
    let connection: Connection | undefined;
    let hasChanged = false;
    const onToolsChanged = () => {
      hasChanged = true;
      this.#refresh.ask();
    };
    try {
      if (target === undefined) throw new Error('it is disabled');
      connection = await Connection.open({
        target,
        timeoutMs,
        signal: stop.signal,
        onToolsChanged,
        onEnd: () => this.#onEnd(connection),
      });
      const listing = await untilAborted(connection.listTools(), stop.signal);
      stop.signal.throwIfAborted();
      this.#tools.take(listing);
      this.#backoff.connected();
      this.#state = { type: 'connected', connection };
      // What was listed may be older than that.
      if (hasChanged) this.#refresh.ask();
      return connection;
    } catch (error) {
      const why = connection?.end ?? this.#textOf(error);
      if (connection !== undefined) this.#end(connection);
      this.#fail(why);
      // Not the error itself: it may hold a secret.
      throw new Error(why);
    } finally {
      clearTimeout(timer);
    }
  }

  async #readTools(): Promise<void> {
    if (this.#state.type !== 'connected') return;
    const { connection } = this.#state;
    try {
      const listing = await connection.listTools();
      if (!this.#isCurrent(connection)) return;
      this.#tools.take(listing);
      this.#state = { type: 'connected', connection };
    } catch (error) {
      if (!this.#isCurrent(connection)) return;
      if (isUntouched(callFailure(error))) return this.#drop(connection);
      this.#state = {
        type: 'connected',
        connection,
        error: `its changed tools cannot be read: ${this.#textOf(error)}`,
      };
    }
  }

  /** A session that is no more says nothing against the server: it is connected to again at once. */
  #drop(connection: Connection): void {
    if (!this.#isCurrent(connection)) return;
    this.#state = { type: 'new' };
    // Other calls hear for themselves what became of them.
    this.#end(connection, untilAborted(connection.idle(), this.#closing.signal));
  }

  #onEnd(connection: Connection | undefined): void {
    if (this.#isCurrent(connection)) this.#fail(connection?.end ?? 'the connection has ended');
  }

  #isCurrent(connection: Connection | undefined): boolean {
    return this.#state.type === 'connected' && this.#state.connection === connection;
  }

  #fail(error: string): void {
    this.#backoff.failed();
    if (this.#state.type !== 'closed') this.#state = { type: 'failed', error: this.#textOf(error) };
  }

  #end(connection: Connection, when: Promise<void> = Promise.resolve()): void {
    const close = () => connection.close();
    const ending = when.then(close, close).catch(() => {});
    this.#endings.add(ending);
    void ending.then(() => this.#endings.delete(ending));
  }

  #textOf(error: unknown): string {
    return hideSecrets(typeof error === 'string' ? error : describeFailure(error), this.#settings.secrets);
  }
}
