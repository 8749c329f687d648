import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SageError } from '../errors.ts';
import { codeOf, toFileError } from './file-error.ts';
import type { NamedFile } from './regular-file.ts';

/**
 * Gives a file, folder or link another name; between file systems it is copied and then deleted. What stands at `to` is
 * not replaced.
 *
 * @throws {SageError} `sandbox-error` where something stands at `to`; system errors about `from` as they come.
 */
export async function moveFile(from: NamedFile, to: NamedFile): Promise<void> {
  await lstat(from.real);
  await refuseExisting(to);
  await mkdir(dirname(to.real), { recursive: true }).catch((error: unknown) => {
    throw toFileError(error, to.path);
  });
  try {
    await rename(from.real, to.real);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyOver(from, to);
  }
}

/** Deletes a file, a folder with all in it, or a link itself. */
export async function removeFile(real: string): Promise<void> {
  await rm(real, { recursive: true });
}

async function refuseExisting({ real, path }: NamedFile): Promise<void> {
  const found = await lstat(real).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw toFileError(error, path);
  });
  if (found === undefined) return;
  throw new SageError('sandbox-error', `"${path}" exists already. Remove it first, or give another name.`, { path });
}

async function copyOver(from: NamedFile, to: NamedFile): Promise<void> {
  try {
    await cp(from.real, to.real, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      errorOnExist: true,
    });
  } catch (error) {
    // Half a copy is no copy; the original is still whole.
    await rm(to.real, { recursive: true, force: true });
    throw toFileError(error, to.path);
  }
  await rm(from.real, { recursive: true });
}
