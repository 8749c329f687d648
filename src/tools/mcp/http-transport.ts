import { StreamableHTTPClientTransport, isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/client';
import { boundedFetch } from './bounded-fetch.ts';
import type { HttpTarget } from './read-config.ts';

/** The code of an error that no server sends: the stream that was to bring the answer has ended without it. */
export const answerLost = -32_098;

type SendOptions = Parameters<StreamableHTTPClientTransport['send']>[1];

/** A server that closes its streams at once is not asked for another more often than this. */
const leastReconnectMs = 1_000;

/**
 * The client's own transport, which would wait for ever for an answer whose stream was cut, and would read a message of any
 * size. A stream that has told its place in it is taken up again there, up to five times; no request is sent twice.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  constructor({ url, headers }: HttpTarget) {
    super(url, {
      requestInit: { headers },
      fetch: boundedFetch,
      reconnectionOptions: {
        initialReconnectionDelay: leastReconnectMs,
        maxReconnectionDelay: 30_000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 5,
      },
      // Waiting for a stream keeps no process alive.
      reconnectionScheduler: (reconnect, ms) => {
        const timer = setTimeout(reconnect, Math.max(ms, leastReconnectMs)).unref();
        return () => clearTimeout(timer);
      },
    });
  }

  override async send(message: JSONRPCMessage | JSONRPCMessage[], options?: SendOptions): Promise<void> {
    if (Array.isArray(message) || !isJSONRPCRequest(message)) return super.send(message, options);
    const { id } = message;
    const error = { code: answerLost, message: 'The stream ended before the answer came' };
    // After an answer nobody waits for this one, and it is dropped.
    const onRequestStreamEnd = options?.onRequestStreamEnd ?? (() => this.onmessage?.({ jsonrpc: '2.0', id, error }));
    return super.send(message, { ...options, onRequestStreamEnd });
  }
}
