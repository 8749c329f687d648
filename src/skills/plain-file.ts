import { constants, open } from 'node:fs/promises';
import { codeOf } from '../sandbox/file-error.ts';

/** A file of the host, read. */
export interface PlainFile {
  readonly data: Uint8Array;
  readonly isExecutable: boolean;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Reads a regular file of at most `mostBytes`, and nothing through a link. Throws with the reason, without the path. */
export async function readPlainFile(path: string, mostBytes: number): Promise<PlainFile> {
  // A pipe that has taken its place does not block.
  await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw new Error(codeOf(cause) === 'ELOOP' ? 'is a link' : `cannot be read (${codeOf(cause)})`, { cause });
  });
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('is no file');
  if (stats.size > mostBytes) throw new Error(`has more than ${mostBytes} bytes`);
  return { data: await file.readFile(), isExecutable: (stats.mode & 0o100) !== 0 };
}
