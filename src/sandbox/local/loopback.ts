import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { SageError } from '../../errors.ts';
import { processArgs, systemArgs } from './bwrap-args.ts';
import type { User } from './workspace-user.ts';

/** A network of its own that has nothing but a loopback device, for all commands of a sandbox: one may serve another. */
export interface Loopback {
  /** What is put before a command line to start it there. */
  readonly enter: readonly string[];
  close(): Promise<void>;
}

/**
 * Holds the network open by a process that does nothing but wait; it ends with this process, however this ends.
 *
 * @throws {SageError} `sandbox-error` with what bwrap said.
 */
export async function openLoopback(user: User | undefined): Promise<Loopback> {
  const args = [
    '--unshare-user',
    '--unshare-net',
    '--unshare-pid',
    '--die-with-parent',
    '--cap-drop',
    'ALL',
    '--new-session',
  ];
  const child = spawn(
    'bwrap',
    [...args, ...systemArgs(), ...processArgs, '--info-fd', '3', 'sh', '-c', 'echo up; exec cat'],
    {
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
      ...user,
    },
  );
  const ended = new Promise<'ended'>((resolve) => child.once('exit', () => resolve('ended')));
  const stderr = collect(child.stderr);
  const up = collect(child.stdout);
  const info = collect(child.stdio[3] as Readable);
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  const isUp = async () => {
    while (up.text() === '' || childPidOf(info.text()) === undefined) await Promise.race([up.more(), info.more()]);
    return 'up' as const;
  };
  if ((await Promise.race([failed, ended, isUp()])) === 'ended') {
    throw new SageError('sandbox-error', `No network could be made for the sandbox: ${stderr.text().trim()}.`, {});
  }
  failed.catch(() => undefined);
  const pid = childPidOf(info.text());
  letGo(child);
  return {
    enter: ['nsenter', '--preserve-credentials', '--user', '--net', '--target', String(pid), '--'],
    async close() {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What bwrap tells of itself at `--info-fd` and `--json-status-fd`. */
export function childPidOf(report: string): number | undefined {
  const found = /"child-pid": (\d+)/.exec(report)?.[1];
  return found === undefined ? undefined : Number(found);
}

function collect(stream: Readable): { text(): string; more(): Promise<unknown> } {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { text: () => text, more: () => once(stream, 'data') };
}

/** It must not keep this process alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as (Readable & { unref?(): void }) | null)?.unref?.();
}
