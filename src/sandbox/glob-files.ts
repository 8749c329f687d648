import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FoundFile {
  /** With `/`, from where the search began. */
  readonly relativePath: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** Of what nobody looks for by name: versions, packages, caches. They are entered only where the pattern names them. */
const skipped = ['.git', 'node_modules', '__pycache__', '.venv', 'venv'];
/** Files and folders that are looked at; a search that is wider ends there. */
const mostEntries = 100_000;

/**
 * The files below `root` whose relative path `fits`, the newest first. Links are not followed and not found; what cannot be
 * read spoils nothing.
 */
export async function globFiles(
  root: string,
  fits: RegExp,
  { limit }: { readonly limit: number },
): Promise<{ files: FoundFile[]; truncated: boolean }> {
  const skip = foldersToSkip(fits);
  const found: string[] = [];
  const folders = [''];
  let looked = 0;
  for (let folder = folders.pop(); folder !== undefined && looked <= mostEntries; folder = folders.pop()) {
    for (const entry of await entriesOf(join(root, folder))) {
      looked += 1;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile() && fits.test(path)) found.push(path);
      if (entry.isDirectory() && !skip.includes(entry.name)) folders.push(path);
    }
  }
  const described = await Promise.all(found.map((path) => describe(root, path)));
  const files = described.filter((file) => file !== undefined).toSorted(newestFirst);
  return { files: files.slice(0, limit), truncated: files.length > limit || looked > mostEntries };
}

/** The folders a search with this pattern does not enter, wherever they stand. */
export function foldersToSkip(fits: RegExp): readonly string[] {
  return skipped.filter((name) => !fits.source.includes(name.replaceAll('.', '\\.')));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** `undefined` for what is gone by now. */
async function describe(root: string, relativePath: string): Promise<FoundFile | undefined> {
  const stats = await lstat(join(root, relativePath)).catch(() => undefined);
  return stats && { relativePath, size: stats.size, modifiedAt: stats.mtime };
}

function newestFirst(a: FoundFile, b: FoundFile): number {
  return b.modifiedAt.getTime() - a.modifiedAt.getTime() || (a.relativePath < b.relativePath ? -1 : 1);
}
