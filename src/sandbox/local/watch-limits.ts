import { statfs } from 'node:fs/promises';
import type { SandboxLimits } from '../limits.ts';
import type { Processes } from '../processes.ts';
import { folderBytes } from './folder-bytes.ts';
import { residentBytes } from './descendants.ts';

export interface WatchedLimits extends Pick<SandboxLimits, 'diskBytes'> {
  /** `undefined` where the kernel keeps this limit. */
  readonly memoryBytes: number | undefined;
  /** What counts as disk. */
  readonly folders: readonly string[];
}

const lookMs = 200;

/** Looks at what commands use, while there are any, and ends those that use too much. */
export class LimitWatch {
  readonly #processes: Processes;
  readonly #limits: WatchedLimits;
  #commands = 0;
  #timer: NodeJS.Timeout | undefined;
  #freeBefore: Free | undefined;

  constructor(processes: Processes, limits: WatchedLimits) {
    this.#processes = processes;
    this.#limits = limits;
  }

  /** Watches until what it returns is called. */
  readonly watch = (): (() => void) => {
    this.#commands += 1;
    if (this.#timer === undefined) this.#lookLater();
    return () => {
      this.#commands -= 1;
      if (this.#commands > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  #lookLater(): void {
    const timer = setTimeout(() => {
      void this.#look().finally(() => {
        // Should the last command have ended meanwhile, another watch may have begun.
        if (this.#timer === timer) this.#lookLater();
      });
    }, lookMs);
    timer.unref();
    this.#timer = timer;
  }

  async #look(): Promise<void> {
    await Promise.all([this.#lookAtMemory(), this.#lookAtDisk()]);
  }

  async #lookAtMemory(): Promise<void> {
    const { memoryBytes } = this.#limits;
    if (memoryBytes === undefined) return;
    for (const { command, stop } of this.#processes.running) {
      const pid = await command.then(
        (started) => started.pid,
        () => undefined,
      );
      if (pid !== undefined && (await residentBytes(pid)) > memoryBytes) stop('memory-limit');
    }
  }

  /** Counting files costs: it is done only when the disk has lost as much as it would take to come closer to the limit. */
  async #lookAtDisk(): Promise<void> {
    const { folders, diskBytes } = this.#limits;
    const free = await freeOn(folders);
    const before = (this.#freeBefore ??= free);
    const lost = Math.max(before.bytes - free.bytes, (before.files - free.files) * 4_096);
    if (lost < Math.min(diskBytes / 16, 64 * 1024 * 1024)) return;
    const used = await folderBytes(folders, diskBytes);
    if (used > diskBytes) for (const { stop } of this.#processes.running) stop('disk-limit');
    this.#freeBefore = free;
  }
}

interface Free {
  readonly bytes: number;
  readonly files: number;
}

async function freeOn(folders: readonly string[]): Promise<Free> {
  const all = await Promise.all(folders.map((folder) => statfs(folder).catch(() => undefined)));
  const found = all.filter((one) => one !== undefined);
  return {
    bytes: found.reduce((sum, { bfree, bsize }) => sum + bfree * bsize, 0),
    files: found.reduce((sum, { ffree }) => sum + ffree, 0),
  };
}
