import { realpath, stat } from 'node:fs/promises';
import { ensureDir } from 'fs-extra/esm';
import { confinePath } from '../confine-path.ts';
import { toFileError } from '../file-error.ts';
import { ProcessSandbox } from '../process-sandbox.ts';
import { Processes } from '../processes.ts';
import { findRoots, type Roots } from '../roots.ts';
import type { Sandbox, VolumeMount } from '../sandbox.ts';
import { createWorkspaceFiles } from '../workspace-files.ts';
import { buildEnvironment } from './environment.ts';
import { probePassthrough } from './probe-passthrough.ts';

export interface PassthroughOptions {
  /** Created if missing. A relative one starts at the current directory of this process. */
  readonly workspace: string;
  /** Folders of the host the file operations may use as well: under their own path, and writable. Default: none. */
  readonly mounts?: readonly VolumeMount[];
  /** Variables for every command. Of this process's own only a short list of harmless ones is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of one command's output. Default: no limit. */
  readonly outputBytes?: number;
}

/**
 * Opens the host as it is, for people who chose it.
 *
 * File operations keep to the workspace and mounts, and commands start there without this process's secrets in their
 * environment, but nothing confines a command: it may do all that this process's user may. Whoever opens it closes it.
 *
 * @throws {SageError} `sandbox-unavailable` for a mount only a confined sandbox can give, `sandbox-error` when the
 * workspace or a mount cannot be used.
 */
export async function openPassthroughSandbox(options: PassthroughOptions): Promise<Sandbox> {
  const { workspace, mounts = [], env = {}, outputBytes = Infinity } = options;
  probePassthrough({ mounts });
  const roots = await openRoots(workspace, mounts);
  const environment = buildEnvironment(process.env, env);
  return new ProcessSandbox({
    type: 'passthrough',
    workspace: roots[0].path,
    mounts,
    files: createWorkspaceFiles(roots),
    processes: new Processes(),
    outputBytes,
    async toSpec(command, { cwd, env: added, ...rest }) {
      const folder = await confinePath(roots, cwd);
      // A missing one would make the start of the shell fail as if there were no shell.
      await stat(folder).catch((error: unknown) => {
        throw toFileError(error, cwd);
      });
      return { file: '/bin/sh', args: ['-c', command], cwd: folder, env: { ...environment, ...added }, ...rest };
    },
  });
}

async function openRoots(workspace: string, mounts: readonly VolumeMount[]): Promise<Roots> {
  try {
    await ensureDir(workspace);
    return await findRoots(await realpath(workspace), mounts);
  } catch (error) {
    throw toFileError(error, workspace);
  }
}
