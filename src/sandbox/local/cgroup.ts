import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A control group of one sandbox: the memory its commands, all together, cannot use more than. */
export interface MemoryGroup {
  /** Moves a process there; what it starts from then on is there too. */
  add(pid: number): Promise<void>;
  /** Processes killed because there was no memory left. */
  killed(): Promise<number>;
  remove(): Promise<void>;
}

/** Where this process may make groups that limit memory, and how those files are called there. */
interface MemoryController {
  readonly folder: string;
  readonly limit: string;
  /** It may be missing: not every kernel counts swap. */
  readonly swap: { readonly file: string; readonly value: (memoryBytes: number) => number };
  /** Where the kernel counts what it killed. */
  readonly kills: string;
}

const root = '/sys/fs/cgroup';
let found: Promise<MemoryController | undefined> | undefined;

/** `undefined` where this process may make none. Looked for once, by making one. */
export function findMemoryController(): Promise<MemoryController | undefined> {
  return (found ??= firstThatWorks());
}

/** @throws what the system throws when a group cannot be made after all. */
export async function makeMemoryGroup(
  { folder: parent, limit, swap, kills }: MemoryController,
  name: string,
  memoryBytes: number,
): Promise<MemoryGroup> {
  await removeLeftBehind(parent);
  const folder = join(parent, name);
  await mkdir(folder);
  try {
    // Writing to a file that is not there would make none: the kernel's folders take no others.
    await writeFile(join(folder, limit), String(memoryBytes));
    const hasSwap = (await stat(join(folder, swap.file)).catch(() => undefined)) !== undefined;
    if (hasSwap) await writeFile(join(folder, swap.file), String(swap.value(memoryBytes)));
  } catch (error) {
    await rmdir(folder);
    throw error;
  }
  return {
    add: (pid) => writeFile(join(folder, 'cgroup.procs'), String(pid)),
    async killed() {
      const text = await readFile(join(folder, kills), 'utf8').catch(() => '');
      return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
    },
    remove: () => removeEmptied(folder),
  };
}

/** cgroups(7): `hierarchy:controllers:path` a line; version 2 has number 0 and names no controller. */
async function firstThatWorks(): Promise<MemoryController | undefined> {
  const lines = (await readFile('/proc/self/cgroup', 'utf8').catch(() => '')).trim().split('\n');
  const parts = lines.map((line) => line.split(':'));
  const ofMemory = parts.find(([, controllers = '']) => controllers.split(',').includes('memory'))?.[2];
  const ofAll = parts.find(([number]) => number === '0')?.[2];
  // In a container the path is that of the host, and what is mounted begins at our own group.
  const first = ofMemory === undefined ? [] : [ofMemory, '/'].map((path) => version1(join(root, 'memory', path)));
  const second = ofAll === undefined ? [] : [ofAll, '/'].map((path) => version2(join(root, path)));
  for (const controller of [...first, ...second]) if (await works(controller)) return controller;
  return undefined;
}

async function works(controller: MemoryController): Promise<boolean> {
  try {
    const group = await makeMemoryGroup(controller, `sagents-probe-${process.pid}`, 64 * 1024 * 1024);
    await group.remove();
    return true;
  } catch {
    return false;
  }
}

function version1(folder: string): MemoryController {
  const swap = { file: 'memory.memsw.limit_in_bytes', value: (memoryBytes: number) => memoryBytes };
  return { folder, limit: 'memory.limit_in_bytes', swap, kills: 'memory.oom_control' };
}

function version2(folder: string): MemoryController {
  return { folder, limit: 'memory.max', swap: { file: 'memory.swap.max', value: () => 0 }, kills: 'memory.events' };
}

/** Groups of processes that were killed. One in which something still runs cannot be removed. */
async function removeLeftBehind(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => {
    const pid = /^sagents-(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
  await Promise.all(left.map((name) => rmdir(join(parent, name)).catch(() => undefined)));
}

/** The dead of a group leave it a moment after their end. */
async function removeEmptied(folder: string): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    const isGone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (isGone) return;
    await delay(10);
  }
}
