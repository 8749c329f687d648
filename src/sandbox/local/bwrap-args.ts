import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import type { VolumeMount } from '../sandbox.ts';

/** What the inside of a sandbox is made of. */
export interface View {
  /** The folder of this machine, free of links. */
  readonly workspaceFolder: string;
  /** Where the agent finds it. */
  readonly workspace: string;
  readonly mounts: readonly VolumeMount[];
}

export interface CommandView extends View {
  /** With `tmp`, `home` and `etc`. */
  readonly privateFolder: string;
  readonly network: 'off' | 'on';
}

/** Programs and libraries of the system. In merged systems all but `/usr` are links into it. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Of the system's `/etc` what has too many entries to copy: certificates, and which program stands for which. */
export const sharedEtcFolders = ['alternatives', 'ssl/certs', 'pki/ca-trust', 'pki/tls/certs'].filter((name) => {
  return existsSync(`/etc/${name}`);
});

/** Namespaces of its own, no way to make more, no capability, no terminal to push input into. */
export const confined: readonly string[] = [
  ['--unshare-user', '--disable-userns', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--hostname', 'sandbox'],
].flat();

/** `/usr` and what belongs to it, read-only. */
export function systemArgs(): string[] {
  return systemFolders
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
    });
}

/** Its own processes, and of the kernel's settings nothing to write: through `core_pattern` a command could become root. */
export const processArgs: readonly string[] = ['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'];

/** The workspace and the mounts; deeper ones later, or they would be covered. */
export function volumeArgs({ workspaceFolder, workspace, mounts }: View): string[] {
  const volumes = [{ hostPath: workspaceFolder, mountPath: workspace }, ...mounts] satisfies VolumeMount[];
  const inOrder = volumes.toSorted((a, b) => depth(a.mountPath) - depth(b.mountPath));
  return inOrder.flatMap((volume: VolumeMount) => [
    // Made by hand: what bwrap makes by itself only its own user can pass through.
    ...foldersAbove(volume.mountPath).flatMap((path) => ['--perms', '0755', '--dir', path]),
    volume.readOnly === true ? '--ro-bind' : '--bind',
    volume.hostPath,
    volume.mountPath,
  ]);
}

/** The inside of a command's sandbox. Nothing of it can be written but `/tmp`, the home, the workspace and its mounts. */
export function commandArgs(view: CommandView, sharedMemoryBytes: number): string[] {
  return [
    ...systemArgs(),
    // One mount for all of it, since each costs a third of a millisecond.
    '--ro-bind',
    `${view.privateFolder}/etc`,
    '/etc',
    ...sharedEtcFolders.flatMap((name) => ['--ro-bind', `/etc/${name}`, `/etc/${name}`]),
    ...processArgs,
    '--dev',
    '/dev',
    '--size',
    String(sharedMemoryBytes),
    '--tmpfs',
    '/dev/shm',
    '--remount-ro',
    '/dev',
    '--bind',
    `${view.privateFolder}/tmp`,
    '/tmp',
    '--bind',
    `${view.privateFolder}/home`,
    '/home/agent',
    ...volumeArgs(view),
    // Last: until here bwrap makes the folders it mounts on.
    '--remount-ro',
    '/',
  ];
}

/** `/a` and `/a/b` for `/a/b/c`. */
function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`);
}

function depth(path: string): number {
  return path.split('/').filter((part) => part !== '').length;
}
