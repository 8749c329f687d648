import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { SageError, isSageError } from '../../errors.ts';
import { toFileError } from '../file-error.ts';
import { defaultLimits, type SandboxLimits } from '../limits.ts';
import { ProcessSandbox } from '../process-sandbox.ts';
import { Processes } from '../processes.ts';
import type { Sandbox, VolumeMount } from '../sandbox.ts';
import type { CommandView } from './bwrap-args.ts';
import { findMemoryController, makeMemoryGroup, type MemoryGroup } from './cgroup.ts';
import { toCommandSpec } from './command-spec.ts';
import { confinedRules } from './confined-rules.ts';
import { createFileHelper } from './file-helper.ts';
import { openLoopback } from './loopback.ts';
import { checkMounts } from './mounts.ts';
import { makePrivateFolder } from './private-folder.ts';
import { LimitWatch } from './watch-limits.ts';
import { firstClosedFolder } from './reachable.ts';
import { prepareWorkspace, type User } from './workspace-user.ts';

export interface LocalOptions {
  /** A folder of this machine; created if missing. */
  readonly workspace: string;
  /** Where the agent finds it, absolute. Default: under its own path. */
  readonly workspacePath?: string;
  readonly mounts?: readonly VolumeMount[];
  /** Variables for every command. Nothing is inherited from this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** `'on'` is the network of the host, with its loopback and abstract sockets. Default `'off'`. */
  readonly network?: 'off' | 'on';
  readonly limits?: Partial<SandboxLimits>;
  /** `'hard'` puts commands into a control group, where the kernel keeps `memoryBytes`; it costs each some 10 ms. */
  readonly requireLimits?: 'hard';
  /** For a workspace of root: whether everything in it may be given to a user of its own. Default false. */
  readonly adoptWorkspace?: boolean;
  /** Where the users of workspaces are recorded, if this process is root. */
  readonly root: string;
}

/**
 * Opens a sandbox on this machine, confined by bubblewrap. Whoever opens it closes it; it ends with this process.
 *
 * @throws {SageError} `sandbox-unavailable` for a workspace or mount it cannot give, `sandbox-error` when the opening fails.
 */
export async function openLocalSandbox(options: LocalOptions): Promise<Sandbox> {
  const { mounts = [], env = {}, network = 'off', adoptWorkspace = false, root } = options;
  const limits = { ...defaultLimits, ...options.limits };
  try {
    const user = await prepareWorkspace({ workspace: options.workspace, root, adopt: adoptWorkspace });
    const workspaceFolder = await realpath(options.workspace);
    if (user !== undefined) await mustReach(workspaceFolder, user);
    const workspace = options.workspacePath ?? workspaceFolder;
    const view = { workspaceFolder, workspace, mounts: await checkMounts(mounts, { workspace, user }) };
    const folder = await makePrivateFolder(user, network);
    const commandView: CommandView = { ...view, privateFolder: folder.path, network };
    const helper = createFileHelper(view, user);
    const loopback = network === 'off' ? await openLoopback(user) : undefined;
    const group = options.requireLimits === 'hard' ? await openGroup(limits.memoryBytes) : undefined;
    const processes = new Processes(confinedRules(group));
    const watch = new LimitWatch(processes, {
      memoryBytes: group === undefined ? limits.memoryBytes : undefined,
      diskBytes: limits.diskBytes,
      folders: [workspaceFolder, folder.path],
    });
    const gate = group === undefined ? 'none' : 'fd-5';
    const setting = { view: commandView, user, limits, env, loopback, gate } as const;
    return new ProcessSandbox({
      type: 'local',
      workspace,
      mounts,
      files: helper.files,
      processes,
      outputBytes: limits.outputBytes,
      toSpec: async (command, given) => toCommandSpec(command, given, setting),
      watch: watch.watch,
      async release() {
        await Promise.all([helper.close(), loopback?.close()]);
        await Promise.all([folder.remove(), group?.remove()]);
      },
    });
  } catch (error) {
    throw isSageError(error) ? error : toFileError(error, options.workspace);
  }
}

async function mustReach(workspace: string, user: User): Promise<void> {
  const closed = await firstClosedFolder(workspace, user);
  if (closed === undefined) return;
  const message =
    `The local sandbox is not available: "${closed}" is closed to user ${user.uid}, as whom the commands of workspace ` +
    `"${workspace}" run. Open it (chmod o+x), or give a workspace elsewhere.`;
  throw new SageError('sandbox-unavailable', message, { sandboxType: 'local' });
}

async function openGroup(memoryBytes: number): Promise<MemoryGroup | undefined> {
  const controller = await findMemoryController();
  const name = `sagents-${process.pid}-${randomUUID()}`;
  return controller === undefined ? undefined : await makeMemoryGroup(controller, name, memoryBytes);
}
