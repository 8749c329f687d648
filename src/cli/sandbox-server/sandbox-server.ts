import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SageError, isSageError } from '../../errors.ts';
import { codeOf } from '../../sandbox/file-error.ts';
import { createCommandRoutes } from './command-routes.ts';
import { createFileRoutes } from './file-routes.ts';
import { Hosting, type HostingOptions } from './hosting.ts';
import { HttpError, badRequest, sendJson } from './http.ts';
import { createLifecycleRoutes } from './lifecycle-routes.ts';
import { createRouter } from './router.ts';
import { createTokenCheck } from './token.ts';

export interface SandboxServerLimits {
  /** Default 16. */
  readonly sandboxes?: number;
  /** Running at once in one sandbox. Default 64. */
  readonly commands?: number;
  /** Of a request other than an upload, which is to say: of a command. Default 4 MiB. */
  readonly requestBytes?: number;
  /** Of one upload. Default 64 MiB. */
  readonly uploadBytes?: number;
  /** Of one download. Default 256 MiB. */
  readonly downloadBytes?: number;
  /** What a request may take to arrive. Default 120,000. */
  readonly requestMs?: number;
  /** What a sandbox may ask for, at once or by renewal. Default 86,400. */
  readonly timeoutSeconds?: number;
}

export interface SandboxServerOptions
  extends Pick<HostingOptions, 'root' | 'openSandbox'>, Partial<Pick<HostingOptions, 'sandboxLimits' | 'network'>> {
  /** Every request must bring it. */
  readonly token: string;
  /** Folders of this machine that may be mounted, with all in them. Default: none. */
  readonly allowedMounts?: readonly string[];
  /** Where a sandbox shows its workspace to clients that do not ask for another place. Default `/sage-workspace`. */
  readonly workspacePath?: string;
  readonly limits?: SandboxServerLimits;
  /** A sandbox nobody asks for anything for so long is ended. Default 900,000. */
  readonly idleMs?: number;
  /** Default 15,000. */
  readonly pingMs?: number;
  /** Told of what is this server's own fault. */
  readonly onError?: (error: unknown) => void;
}

const lastWordsMs = 1_000;

/**
 * A server of sandboxes that speaks the part of the OpenSandbox protocol (lifecycle and execd) its official SDK needs.
 *
 * It confines nothing itself: whatever `openSandbox` opens does. Who holds the token may run commands, so it belongs behind
 * TLS wherever it leaves this machine.
 */
export function createSandboxServer(options: SandboxServerOptions): SandboxServer {
  if (options.token !== '') return new SandboxServer(options);
  throw new SageError('invalid-argument', 'The token is empty. Give one that cannot be guessed.', { option: 'token' });
}

export class SandboxServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #hosting: Hosting;
  readonly #onError: (error: unknown) => void;
  readonly #answering = new Set<ServerResponse>();
  #closing: Promise<void> | undefined;

  constructor(options: SandboxServerOptions) {
    const { root, openSandbox, token, allowedMounts = [], workspacePath = '/sage-workspace', limits = {} } = options;
    const { sandboxLimits = {}, network = 'off' } = options;
    const { idleMs = 900_000, pingMs = 15_000, onError = () => {} } = options;
    const { sandboxes = 16, commands = 64, requestBytes = 4 * 1024 ** 2, uploadBytes = 64 * 1024 ** 2 } = limits;
    const { downloadBytes = 256 * 1024 ** 2, requestMs = 120_000, timeoutSeconds = 86_400 } = limits;
    this.#onError = onError;
    const hosting = new Hosting({
      root,
      openSandbox,
      sandboxLimits,
      network,
      idleMs,
      mostSandboxes: sandboxes,
      mostCommands: commands,
      onError,
    });
    this.#hosting = hosting;
    const shared = { hosting, jsonBytes: requestBytes };
    const route = createRouter({
      ...createLifecycleRoutes({ ...shared, allowedMounts, workspacePath, mostTimeoutSeconds: timeoutSeconds }),
      ...createCommandRoutes({ ...shared, pingMs, onError }),
      ...createFileRoutes({ ...shared, uploadBytes, downloadBytes }),
    });
    const checkToken = createTokenCheck(token);
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      // Nothing is told to who does not have it, not even which paths there are.
      checkToken(request);
      const url = URL.parse(`http://server${request.url ?? '/'}`);
      if (url === null) throw badRequest('The path cannot be read.');
      const { handler, params } = route(request.method ?? 'GET', url.pathname);
      await handler({ request, response, query: url.searchParams, params });
    };
    this.#server = createServer(
      { requestTimeout: requestMs, headersTimeout: Math.min(requestMs, 60_000) },
      (request, response) => {
        // Who has gone is told nothing.
        response.on('error', () => {});
        this.#answering.add(response);
        response.on('close', () => this.#answering.delete(response));
        answer(request, response).catch((error: unknown) => this.#fail(error, response));
      },
    );
  }

  /** Returns its URL. Port 0 takes a free one. Default: 127.0.0.1, which only this machine reaches. */
  async listen({ host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {}): Promise<string> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    const address = this.#server.address() as AddressInfo;
    return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  }

  /** Ends all sandboxes and connections. May be called twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const isListening = this.#server.listening;
    const closed = isListening ? once(this.#server, 'close') : undefined;
    if (isListening) this.#server.close();
    try {
      await this.#hosting.close();
      await this.#lastWords();
    } finally {
      this.#server.closeAllConnections();
      await closed;
    }
  }

  /** Commands that were ended have told so by now, and their clients are to hear it. */
  async #lastWords(): Promise<void> {
    const left = [...this.#answering].map((response) => once(response, 'close'));
    await Promise.race([Promise.all(left), delay(lastWordsMs, undefined, { ref: false })]);
  }

  #fail(error: unknown, response: ServerResponse): void {
    const { status, code, message } = toHttpError(error);
    if (status >= 500) this.#onError(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    // What of the request was not read would be taken for the next one.
    response.setHeader('connection', 'close');
    sendJson(response, status, { code, message });
  }
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (isSageError(error, 'sandbox-closed')) return new HttpError(404, 'SANDBOX_NOT_FOUND', 'The sandbox has ended.');
  if (isSageError(error, 'sandbox-unavailable')) return new HttpError(503, 'SANDBOX_UNAVAILABLE', error.message);
  if (isSageError(error)) {
    const isMissing = codeOf(error.cause) === 'ENOENT';
    return new HttpError(isMissing ? 404 : 400, isMissing ? 'FILE_NOT_FOUND' : 'SANDBOX_REFUSED', error.message);
  }
  // What is wrong in here is told to the log only.
  return new HttpError(500, 'INTERNAL_ERROR', 'The server failed. Its log tells why.');
}
