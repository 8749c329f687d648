import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExecResult, OutputPiece } from '../../src/sandbox/sandbox.ts';

/** An empty folder for one test, free of links; removed after it. */
export async function temporaryWorkspace(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sagents-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A command's whole output and its end. */
export async function readAll(output: AsyncGenerator<OutputPiece, ExecResult>) {
  const texts = { stdout: '', stderr: '' };
  for (let next = await output.next(); ; next = await output.next()) {
    if (next.done === true) return { ...texts, ...next.value };
    texts[next.value.stream] += next.value.text;
  }
}

/** Whether the process is there and no zombie: containers have first processes that reap late or never. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}
