import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file takes at least one block, and its name and number some room as well. */
const leastBytes = 4_096;

/** What the folders take on the disk; counting stops as soon as it is more than `enough`. Links are not followed. */
export async function folderBytes(folders: readonly string[], enough: number): Promise<number> {
  let bytes = 0;
  const left = [...folders];
  for (let folder = left.pop(); folder !== undefined && bytes <= enough; folder = left.pop()) {
    // What is gone by now, or locked by the command that made it, is counted as its name only.
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) left.push(path);
      const stats = await lstat(path).catch(() => undefined);
      bytes += Math.max((stats?.blocks ?? 0) * 512, leastBytes);
      if (bytes > enough) break;
    }
  }
  return bytes;
}
