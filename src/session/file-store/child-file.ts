import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeFile } from './session-folder.ts';
import { hasCode } from './store-error.ts';

/**
 * Gives each child a file beside its root's folder that holds the root's id: one file, which is written and synced once, under a
 * name for every child. False where all of them had it. A name that a loss of power has left empty is given again.
 */
export async function addChildFiles(folder: string, childIds: readonly string[]): Promise<boolean> {
  const [root, rootId] = [dirname(folder), basename(folder)];
  const missing = childIds.map((id) => join(root, id)).filter((path) => readChildFile(path) !== rootId);
  if (missing.length === 0) return false;
  const file = join(folder, 'id');
  if (readChildFile(file) !== rootId) await writeSynced(file, rootId);
  for (const path of missing) {
    if (isEmptyFile(path)) removeFile(path);
    linkSync(file, path);
  }
  return true;
}

/** The id of the root; `undefined` where the path is a session's folder, or nothing. */
export function readChildFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8') || undefined;
  } catch (error) {
    if (hasCode(error, 'EISDIR', 'ENOENT')) return undefined;
    throw error;
  }
}

function isEmptyFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size === 0;
}

/** There with all its content or not at all, also for those who add children at the same time. */
async function writeSynced(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  {
    await using file = await open(temporary, 'wx');
    await file.writeFile(text);
    await file.datasync();
  }
  renameSync(temporary, path);
}
