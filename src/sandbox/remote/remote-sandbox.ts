import { posix } from 'node:path';
import { SageError, isSageError } from '../../errors.ts';
import { defaultLimits } from '../limits.ts';
import type { ExecResult, OutputPiece, VolumeMount } from '../sandbox.ts';
import { connect, defaultTimeoutSeconds, findKept, type Connection, type RemoteServer } from './connection.ts';
import { readPath } from './file-records.ts';
import { quote, type Root } from './file-scripts.ts';
import { keepAlive } from './keep-alive.ts';
import { RemoteCommands } from './remote-commands.ts';
import { explain } from './remote-error.ts';
import { createRemoteFiles } from './remote-files.ts';
import { OpenedSandbox, type RemoteSandbox } from './opened-sandbox.ts';

export interface RemoteSandboxOptions {
  readonly remote: RemoteServer;
  /** Absolute, in the sandbox; made if missing. Default `/sage-workspace`. */
  readonly workspace?: string;
  /** Opens the one that is there under this id, instead of a new one, and leaves it there on `close`. */
  readonly sandboxId?: string;
  /** With `remote.keep`, the one that was kept for this session is opened, if there is one. */
  readonly sessionId?: string;
  /** Folders of the server. For a sandbox that is there already: those it was made with. */
  readonly mounts?: readonly VolumeMount[];
  /** Variables for every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** What one command may write to standard output and standard error; over it, it is ended. Default 4 GiB. */
  readonly outputBytes?: number;
}

const defaultWorkspace = '/sage-workspace';

/**
 * Opens a sandbox on a server that speaks the OpenSandbox protocol; whoever opens it closes it.
 *
 * One of ours is renewed while it is open, and ended by `close`, unless it is kept. One that was given by its id is
 * renewed only if `timeoutSeconds` is given, and never ended. A network failure later is a `sandbox-error`; nothing that
 * may have been started is tried again.
 *
 * @throws {SageError} `sandbox-unavailable` with what failed; `invalid-argument` for options that make no sense.
 */
export async function openRemoteSandbox(options: RemoteSandboxOptions): Promise<RemoteSandbox> {
  const { remote, mounts = [], env = {}, outputBytes = defaultLimits.outputBytes } = options;
  const workspace = checkWorkspace(options.workspace ?? defaultWorkspace);
  const isOurs = options.sandboxId === undefined;
  const sessionId = isOurs && remote.keep === true ? options.sessionId : undefined;
  let connection: Connection | undefined;
  let isNew = false;
  try {
    const sandboxId = options.sandboxId ?? (sessionId && (await findKept(remote, sessionId)));
    isNew = sandboxId === undefined;
    connection = await connect(remote, sandboxId === undefined ? { workspace, mounts, env, sessionId } : { sandboxId });
    const { server } = connection;
    const commands = new RemoteCommands(server.commands, remote.apiKey);
    const run = async (command: string, signal?: AbortSignal) =>
      await collect(commands.run({ command, env: {}, signal }), signal);
    const roots = await findRoots(run, workspace, mounts);
    const seconds = remote.timeoutSeconds ?? (isOurs ? defaultTimeoutSeconds : undefined);
    return new OpenedSandbox({
      workspace,
      home: roots[0]?.real ?? workspace,
      mounts,
      env,
      outputBytes,
      connection,
      commands,
      files: createRemoteFiles({ workspace, roots, run, server: server.files, apiKey: remote.apiKey }),
      renewal: seconds === undefined ? undefined : keepAlive(seconds, (timeoutSeconds) => server.renew(timeoutSeconds)),
      whenClosed: isOurs && remote.keep !== true ? 'end' : 'leave',
    });
  } catch (error) {
    if (isNew) await connection?.server.kill().catch(() => undefined);
    connection?.close();
    if (isSageError(error, 'invalid-argument')) throw error;
    const message = `The remote sandbox at ${remote.domain} is not available. ${explain(error, remote.apiKey)}`;
    throw new SageError('sandbox-unavailable', message, { sandboxType: 'remote' });
  }
}

/** The workspace first. What the agent sees as a folder may be a link on the server. */
async function findRoots(
  run: (command: string) => Promise<string>,
  workspace: string,
  mounts: readonly VolumeMount[],
): Promise<Root[]> {
  const all = [{ path: workspace, readOnly: false }, ...mounts.map(toRoot)];
  await run(`mkdir -p ${quote(workspace)}`);
  return await Promise.all(
    all.map(async ({ path, readOnly }) => {
      const real = readPath(await run(`cd ${quote(path)} && printf '%s//\\n' "$(pwd -P)"`));
      if (real.startsWith('/') && real !== '/') return { real, readOnly };
      throw new SageError('sandbox-error', `"${path}" is not there as a folder. Check the options of the sandbox.`, {});
    }),
  );
}

function toRoot({ mountPath, readOnly = false }: VolumeMount) {
  return { path: mountPath, readOnly };
}

/** Of a command of our own, whose output is nobody else's. */
async function collect(output: AsyncGenerator<OutputPiece, ExecResult>, signal: AbortSignal | undefined) {
  let printed = '';
  for (;;) {
    const next = await output.next();
    if (next.done === true) {
      signal?.throwIfAborted();
      if (next.value.endedBy === 'close') throw new SageError('sandbox-closed', 'The sandbox has been closed.', {});
      return printed;
    }
    if (next.value.stream === 'stdout') printed += next.value.text;
  }
}

function checkWorkspace(given: string): string {
  if (given.startsWith('/') && posix.normalize(given) === given && !given.endsWith('/')) return given;
  const allowed = 'an absolute path without "..", and not the root';
  throw new SageError('invalid-argument', `The workspace "${given}" cannot be used. Allowed: ${allowed}.`, {
    option: 'workspace',
    given,
    allowed,
  });
}
