import { Client, type CallToolResult, type Progress } from '@modelcontextprotocol/client';
import { untilAborted } from '../../streams/abort.ts';
import { HttpTransport } from './http-transport.ts';
import { listTools, type RemoteDefinition, type ToolListing } from './list-tools.ts';
import type { HttpTarget, StdioTarget } from './read-config.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface ConnectionOptions {
  readonly target: StdioTarget | HttpTarget;
  /** For the connecting, and for each page of the tools. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onToolsChanged: () => void;
  /** Called once it has ended, for whatever reason, after it was open. */
  readonly onEnd: () => void;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** The longest a timer keeps. A call's own time is its tool's, and the client is told by the signal. */
const noTimeMs = 2 ** 31 - 1;
/** A program that has said nothing for so long is an older one that does not know the question. Over HTTP nothing is no answer. */
const probeMs = 5_000;
/** For a server to hear that its session is over. */
const farewellMs = 1_000;

/** An open connection to a server, over either transport. */
export class Connection {
  readonly #client: Client;
  readonly #transport: StdioTransport | HttpTransport;
  readonly #timeoutMs: number;
  readonly #calls = new Set<Promise<unknown>>();

  private constructor(client: Client, transport: StdioTransport | HttpTransport, timeoutMs: number) {
    this.#client = client;
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Connects, and leaves nothing behind if that fails. The server is asked first whether it knows the protocol without a handshake
   * (2026-07-28); a program that ends at a question it does not know is started once more, and not asked.
   */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { client, transport } = await connect(options, 'auto').catch((error: unknown) => {
      if (error instanceof EndedAtStart && !options.signal.aborted) return connect(options, 'legacy');
      throw error;
    });
    client.onclose = options.onEnd;
    return new Connection(client, transport, options.timeoutMs);
  }

  /** Why the server is gone, where the transport knows. */
  get end(): string | undefined {
    return endOf(this.#transport);
  }

  listTools(): Promise<ToolListing> {
    return listTools(this.#client, this.#timeoutMs);
  }

  /** Sends a call, once. */
  async callTool(
    { name, inputSchema }: RemoteDefinition,
    args: unknown,
    { signal, onProgress }: CallOptions,
  ): Promise<CallToolResult> {
    const call = this.#client.callTool(
      { name, arguments: args as Record<string, unknown> },
      {
        // Without its output schema: a result that does not fit it is still what the call, which has run, came to.
        toolDefinition: { name, inputSchema },
        signal,
        onprogress: onProgress,
        timeout: noTimeMs,
      },
    );
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Resolves when no call is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#calls);
  }

  /** Resolves when nothing of it is left. */
  async close(): Promise<void> {
    if (this.#transport instanceof HttpTransport) {
      const signal = AbortSignal.timeout(farewellMs);
      await untilAborted(this.#transport.terminateSession(), signal).catch(() => {});
    }
    await this.#transport.close();
  }
}

/** A program that has ended before it was connected. */
class EndedAtStart extends Error {}

async function connect({ target, timeoutMs, signal, onToolsChanged }: ConnectionOptions, mode: 'auto' | 'legacy') {
  const transport = target.transport === 'stdio' ? new StdioTransport(target) : new HttpTransport(target);
  const probe = { timeoutMs: target.transport === 'stdio' ? Math.min(probeMs, timeoutMs) : timeoutMs };
  const client = new Client(
    { name: 'sagents', version: '0.1.0' },
    {
      versionNegotiation: { mode, probe },
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: onToolsChanged } },
      inputRequired: { autoFulfill: false },
    },
  );
  try {
    await untilAborted(client.connect(transport, { timeout: timeoutMs }), signal);
    return { client, transport };
  } catch (cause) {
    const end = endOf(transport);
    await transport.close();
    throw end === undefined ? cause : new EndedAtStart(end);
  }
}

function endOf(transport: StdioTransport | HttpTransport): string | undefined {
  return transport instanceof StdioTransport ? transport.end : undefined;
}
