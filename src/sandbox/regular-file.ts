import type { Stats } from 'node:fs';
import { constants, open, stat, type FileHandle } from 'node:fs/promises';
import { SageError } from '../errors.ts';
import { codeOf } from './file-error.ts';

/** A file as it is on disk, and as the agent named it. */
export interface NamedFile {
  /** Absolute and free of links, as `confinePath` gives it. */
  readonly real: string;
  /** The path errors tell. */
  readonly path: string;
}

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Opens a regular file for `use`, and closes it afterwards. `append` creates a missing one.
 *
 * Anything else is refused before it is opened: to open a device may set something off, to open a FIFO may block for ever.
 *
 * @throws {SageError} `sandbox-error` for what is no regular file; system errors as they come.
 */
export async function withRegularFile<Result>(
  named: NamedFile,
  purpose: 'read' | 'append',
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  await statRegularFile(named);
  const flags = purpose === 'read' ? O_RDONLY : O_WRONLY | O_APPEND | O_CREAT;
  // Should a FIFO or a link have taken its place by now: the one does not block, the other is not followed.
  const file = await open(named.real, flags | O_NOFOLLOW | O_NONBLOCK);
  // Not `await using`: from source the file helper runs as it is written, also on Node 22.
  try {
    refuseUnlessRegular(await file.stat(), named.path);
    return await use(file);
  } finally {
    await file.close();
  }
}

/** What is known of the file, or `undefined` where there is none yet. @throws as `withRegularFile` does. */
export async function statRegularFile({ real, path }: NamedFile): Promise<Stats | undefined> {
  const stats = await stat(real).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (stats !== undefined) refuseUnlessRegular(stats, path);
  return stats;
}

function refuseUnlessRegular(stats: Stats, path: string): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a pipe'
      : stats.isSocket()
        ? 'a socket'
        : 'a device';
  throw new SageError('sandbox-error', `"${path}" is ${kind}, not a file. Give the path of a file.`, { path });
}
