import { stat } from 'node:fs/promises';
import { platform } from 'node:process';
import { SageError } from '../errors.ts';
import { requireHardLimits, type LimitStrengths, type SandboxLimits } from './limits.ts';
import type { RemoteServer } from './remote/connection.ts';
import type { Sandbox, SandboxType, VolumeMount } from './sandbox.ts';

/** What a host decides about the sandboxes of its runs, besides their type, workspace and mounts. Never stored. */
export interface SandboxOptions {
  /**
   * For local. `'on'` is the host's network, its loopback included. Default `'off'`; passthrough is always on; a remote one
   * has what its server gives.
   */
  readonly network?: 'off' | 'on';
  /** Variables for every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** For local; of them the others keep `outputBytes` only. */
  readonly limits?: Partial<SandboxLimits>;
  /**
   * Refuses a sandbox that keeps less than hard one of the limits named in `limits` (all, if none is). Default: limits are
   * kept as well as costs nothing.
   */
  readonly requireLimits?: 'hard';
  /** For local as root: lets a workspace of root be given, with everything in it, to a user of its own. Default false. */
  readonly adoptWorkspace?: boolean;
  /** For remote, which needs it. */
  readonly remote?: RemoteServer;
}

export interface OpenSandboxOptions extends SandboxOptions {
  readonly type: SandboxType;
  /** For local and passthrough a folder of this machine, for remote one of the sandbox; created if missing. */
  readonly workspace: string;
  /** For remote: opens the sandbox its server has under this id, instead of a new one, and leaves it there. */
  readonly sandboxId?: string;
  /** For remote with `remote.keep`: whose sandbox it is. */
  readonly sessionId?: string;
  /** Default: none. */
  readonly mounts?: readonly VolumeMount[];
  /** Where local records whom workspaces belong to, if this process is root. */
  readonly root: string;
}

/** What a sandbox would be, found out by trying. */
export interface SandboxReport {
  readonly type: SandboxType;
  readonly limits: LimitStrengths;
}

/**
 * Opens a sandbox; whoever opens it closes it. No type ever stands in for another.
 *
 * @throws {SageError} `sandbox-unavailable` as `probeSandbox` does, `sandbox-error` when the opening itself fails.
 */
export async function openSandbox(options: OpenSandboxOptions): Promise<Sandbox> {
  await probeSandbox(options);
  const { type, limits, remote, ...rest } = options;
  // Loaded when they are opened: most programs use one of them, many none.
  if (type === 'local') {
    const { openLocalSandbox } = await import('./local/local-sandbox.ts');
    return await openLocalSandbox({ ...rest, ...(limits === undefined ? {} : { limits }) });
  }
  const more = { ...rest, ...(limits?.outputBytes === undefined ? {} : { outputBytes: limits.outputBytes }) };
  if (type === 'remote' && remote !== undefined) {
    const { openRemoteSandbox } = await import('./remote/remote-sandbox.ts');
    return await openRemoteSandbox({ ...more, remote });
  }
  const { openPassthroughSandbox } = await import('./passthrough/passthrough-sandbox.ts');
  return await openPassthroughSandbox(more);
}

/**
 * Finds out whether such a sandbox can be opened, and how well it would keep each limit; makes nothing of it.
 *
 * @throws {SageError} `sandbox-unavailable`, with the reason and the ways out.
 */
export async function probeSandbox(options: OpenSandboxOptions): Promise<SandboxReport> {
  const { type, workspace, requireLimits } = options;
  const limits = await strengthsOf(options);
  if (requireLimits === 'hard') requireHardLimits(limits, options.limits ?? {}, type);
  if (type === 'remote') return { type, limits };
  const found = await stat(workspace).catch(() => undefined);
  if (found?.isDirectory() === false) {
    throw unavailable(type, `the workspace "${workspace}" is a file. Give a folder, or one to be made`);
  }
  return { type, limits };
}

async function strengthsOf(options: OpenSandboxOptions): Promise<LimitStrengths> {
  switch (options.type) {
    case 'local': {
      const { probeLocal } = await import('./local/probe-local.ts');
      return await probeLocal(options);
    }
    case 'remote': {
      const { probeRemote } = await import('./remote/probe-remote.ts');
      return await probeRemote(options);
    }
    case 'passthrough': {
      const { probePassthrough } = await import('./passthrough/probe-passthrough.ts');
      const reason = platform === 'win32' ? 'it needs a POSIX system' : undefined;
      if (reason !== undefined) throw unavailable('passthrough', reason);
      return probePassthrough(options);
    }
    default:
      return options.type satisfies never;
  }
}

function unavailable(type: SandboxType, reason: string): SageError {
  return new SageError('sandbox-unavailable', `The ${type} sandbox is not available: ${reason}.`, {
    sandboxType: type,
  });
}
