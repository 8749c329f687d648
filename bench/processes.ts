import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long one measurement may take before it counts as hung. */
const measurementMs = 120_000;

/** Starts the server on a free port; disposing ends it. */
export async function startServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = start('server.ts', []);
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Runs a file of this folder in a fresh process and gives what it sends. */
export async function measureIn<Answer>(file: string, args: readonly string[], conditions?: 'built'): Promise<Answer> {
  const child = start(file, args, conditions);
  const timer = setTimeout(() => child.kill('SIGKILL'), measurementMs);
  const sent: unknown[] = [];
  child.on('message', (message) => sent.push(message));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (code !== 0 || sent.length !== 1) {
    const end = signal === 'SIGKILL' ? `was killed after ${measurementMs / 1000} s` : `ended with ${signal ?? code}`;
    throw new Error(`${file} ${args.join(' ')} ${end} and sent ${sent.length} answers.`);
  }
  return sent[0] as Answer;
}

/** The package is loaded from source, or, with `built`, as its users get it. */
function start(file: string, args: readonly string[], conditions?: 'built'): ChildProcess {
  const execArgv = conditions === 'built' ? [] : ['-C', 'sagents-source'];
  return fork(join(import.meta.dirname, file), args, { execArgv });
}

/** A fresh folder in memory, so that a disk's mood is not measured; disposing deletes it. */
export function freshFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(folderRoot(), 'sagents-bench-'));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Where folders are made: `/dev/shm`, or the system's temporary folder where there is none. */
export function folderRoot(): string {
  return statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() === true ? '/dev/shm' : tmpdir();
}
