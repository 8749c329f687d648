import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SageError, messageOf } from '../../errors.ts';
import type { LimitStrengths } from '../limits.ts';
import { findMemoryController } from './cgroup.ts';
import { openLocalSandbox, type LocalOptions } from './local-sandbox.ts';
import { checkWorkspaceOwner } from './workspace-user.ts';

type ProbeOptions = Pick<LocalOptions, 'workspace' | 'adoptWorkspace' | 'requireLimits'>;

let trial: Promise<void> | undefined;

/**
 * How well the local sandbox keeps each limit on this machine. The first time in a process a whole sandbox is opened, and a
 * command run in it, with the very flags of every later one: that it worked is remembered, that it did not is tried again.
 *
 * @throws {SageError} `sandbox-unavailable` with what failed and the three ways out.
 */
export async function probeLocal(options: ProbeOptions): Promise<LimitStrengths> {
  if (process.platform !== 'linux') throw unavailable('it needs Linux');
  trial ??= tryOnce();
  await trial.catch((error: unknown) => {
    trial = undefined;
    throw error;
  });
  await checkWorkspaceOwner(options.workspace, options.adoptWorkspace ?? false);
  return {
    // A control group costs each command some 10 ms: it is made for those who ask.
    memoryBytes: options.requireLimits === 'hard' && (await findMemoryController()) !== undefined ? 'hard' : 'watched',
    processes: 'hard',
    cpuSeconds: 'per-process',
    fileBytes: 'hard',
    diskBytes: 'watched',
    outputBytes: 'hard',
  };
}

async function tryOnce(): Promise<void> {
  const missing = (await Promise.all(['bwrap', 'nsenter', 'prlimit'].map(whatIsMissing))).find(
    (one) => one !== undefined,
  );
  if (missing !== undefined) throw unavailable(missing);
  const folder = await mkdtemp(join(tmpdir(), 'sagents-probe-'));
  try {
    await chmod(folder, 0o711);
    await using sandbox = await openLocalSandbox({ workspace: join(folder, 'workspace'), root: folder });
    await sandbox.writeFile('probe', 'ok');
    let said = '';
    const output = sandbox.exec('cat probe');
    for await (const { text } of output) said += text;
    if (said !== 'ok') throw new Error(said.trim());
  } catch (error) {
    throw unavailable(messageOf(error), error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function whatIsMissing(program: string): Promise<string | undefined> {
  const found = await new Promise<boolean>((resolve) => {
    const child = spawn(program, ['--version'], { stdio: 'ignore', env: { PATH: process.env['PATH'] } });
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(true));
  });
  if (found) return undefined;
  const from = program === 'bwrap' ? 'bubblewrap' : 'util-linux';
  return `the program ${program} is not installed (Debian's package is ${from})`;
}

function unavailable(reason: string, cause?: unknown): SageError {
  const message =
    `The local sandbox is not available: ${reason.replace(/\.$/, '')}. Install bubblewrap and allow user namespaces ` +
    "(in a container: --security-opt seccomp=unconfined, or a seccomp profile that lets it make them), use sandboxType 'remote', or choose 'passthrough' if the host " +
    'itself is fine.';
  return new SageError('sandbox-unavailable', message, { sandboxType: 'local' }, { cause });
}
