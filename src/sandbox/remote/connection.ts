import { createHash } from 'node:crypto';
import type { ConnectionConfig, Sandbox as ServerSandbox, SandboxManager } from '@alibaba-group/opensandbox';
import { SageError } from '../../errors.ts';
import type { VolumeMount } from '../sandbox.ts';

/** Where the sandboxes are, and how one of them is made. */
export interface RemoteServer {
  /** Host and port, `sandboxes.example.com:8443`, or a whole URL; a path in front of `/v1` may follow. */
  readonly domain: string;
  /** A URL as `domain` wins. Default `https`. */
  readonly protocol?: 'http' | 'https';
  /** Sent with every request; never part of an error, a log or a command. */
  readonly apiKey: string;
  /** What to start the sandbox from. Our own server has one kind only, and ignores it. */
  readonly image?: string;
  /** After which the server may end a sandbox that nobody renews; it is renewed while open. Default 600. */
  readonly timeoutSeconds?: number;
  /**
   * Leaves the sandbox running on `close`, until its time is up; whoever opens one for the same session finds it again.
   * Default false: each run has a new one.
   */
  readonly keep?: boolean;
  /** How long the server may take to begin its answer, commands apart. Default 60. */
  readonly requestTimeoutSeconds?: number;
}

export interface NewSandbox {
  readonly workspace: string;
  readonly mounts: readonly VolumeMount[];
  readonly env: Readonly<Record<string, string>>;
  /** Found again by `findKept`. */
  readonly sessionId: string | undefined;
}

export const defaultTimeoutSeconds = 600;
const defaultImage = 'ubuntu:24.04';

/** A server's sandbox, and the wire to it. */
export interface Connection {
  readonly server: ServerSandbox;
  /** Lets go of every request that is still open. */
  readonly close: () => void;
}

/** The wire to a server, before there is a sandbox. */
interface Wire {
  readonly connectionConfig: ConnectionConfig;
  readonly close: () => void;
}

/** Under what a server keeps the session of a sandbox: any id becomes what every server takes for a label. */
const sessionLabel = 'sagents.session';

/**
 * Makes a sandbox, or finds the one of `sandboxId`, through the official SDK, which is loaded here.
 *
 * @throws whatever the SDK throws.
 */
export async function connect(
  remote: RemoteServer,
  what: { readonly sandboxId: string } | NewSandbox,
): Promise<Connection> {
  const { Sandbox } = await import('@alibaba-group/opensandbox');
  const { connectionConfig, close } = await openWire(remote);
  try {
    const server =
      'sandboxId' in what
        ? await Sandbox.connect({ connectionConfig, sandboxId: what.sandboxId })
        : await Sandbox.create({ connectionConfig, ...toRequest(remote, what) });
    return { server, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Asks whether the server is there, takes the key, and has the sandbox.
 *
 * @throws whatever the SDK throws.
 */
export async function askFor(remote: RemoteServer, sandboxId: string | undefined): Promise<void> {
  await withManager(remote, async (manager) => {
    if (sandboxId === undefined) await manager.listSandboxInfos({ pageSize: 1 });
    else await manager.getSandboxInfo(sandboxId);
  });
}

/**
 * The id of the sandbox that was kept for a session, if it still runs.
 *
 * @throws whatever the SDK throws.
 */
export async function findKept(remote: RemoteServer, sessionId: string): Promise<string | undefined> {
  const metadata = { [sessionLabel]: toLabel(sessionId) };
  const { items } = await withManager(remote, (manager) =>
    manager.listSandboxInfos({ metadata, states: ['Running'], pageSize: 1 }),
  );
  return items[0]?.id;
}

async function withManager<Result>(remote: RemoteServer, use: (manager: SandboxManager) => Promise<Result>) {
  const { SandboxManager } = await import('@alibaba-group/opensandbox');
  const { connectionConfig, close } = await openWire(remote);
  try {
    return await use(SandboxManager.create({ connectionConfig }));
  } finally {
    close();
  }
}

/**
 * The SDK's own transport is replaced by plain `fetch`: a stream it has begun to read could not be cut, it would follow
 * redirects with the key in its hand, and it tells the server this machine's own address.
 */
async function openWire(remote: RemoteServer): Promise<Wire> {
  checkServer(remote);
  const { ConnectionConfig } = await import('@alibaba-group/opensandbox');
  const closing = new AbortController();

  class PlainConnection extends ConnectionConfig {
    override get fetch(): typeof fetch {
      return (input, init) => fetchHeadersInTime(input, init, this.requestTimeoutSeconds * 1_000, closing.signal);
    }
    override get sseFetch(): typeof fetch {
      return (input, init) => fetch(input, strict(init, closing.signal));
    }
    override withTransportIfMissing(): this {
      return this;
    }
  }

  const { domain, protocol = 'https', apiKey, requestTimeoutSeconds = 60 } = remote;
  const connectionConfig = new PlainConnection({
    domain,
    protocol,
    apiKey,
    requestTimeoutSeconds,
    disableMetrics: true,
  });
  return { connectionConfig, close: () => closing.abort(new Error('The sandbox has been closed.')) };
}

function toRequest(remote: RemoteServer, { workspace, mounts, env, sessionId }: NewSandbox) {
  return {
    image: remote.image ?? defaultImage,
    timeoutSeconds: remote.timeoutSeconds ?? defaultTimeoutSeconds,
    env: { ...env },
    volumes: mounts.map(({ hostPath, mountPath, readOnly = false }, index) => ({
      name: `mount-${index}`,
      host: { path: hostPath },
      mountPath,
      readOnly,
    })),
    // Our own server shows the workspace under this name; others pass it on or by.
    extensions: { 'sagents.workspace': workspace },
    metadata: sessionId === undefined ? {} : { [sessionLabel]: toLabel(sessionId) },
  };
}

function toLabel(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex').slice(0, 32);
}

/** A key that no header can carry would be told in the error of whoever tries. */
function checkServer({ domain, apiKey }: RemoteServer): void {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const allowed = 'a word of printable ASCII characters';
    throw new SageError('invalid-argument', `remote.apiKey cannot be sent. Allowed: ${allowed}.`, {
      option: 'remote.apiKey',
      allowed,
    });
  }
  if (domain !== '') return;
  throw new SageError('invalid-argument', 'remote.domain is empty. Give the host and port of a sandbox server.', {
    option: 'remote.domain',
    given: domain,
  });
}

async function fetchHeadersInTime(
  input: string | URL | Request,
  init: RequestInit | undefined,
  ms: number,
  closing: AbortSignal,
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`the server did not answer within ${ms} ms`)), ms);
  try {
    return await fetch(input, strict(init, AbortSignal.any([closing, late.signal])));
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` strips known credentials when it is sent elsewhere, but not this protocol's. */
function strict(init: RequestInit | undefined, signal: AbortSignal): RequestInit {
  const signals = init?.signal == null ? signal : AbortSignal.any([init.signal, signal]);
  return { ...init, redirect: 'error', signal: signals };
}
