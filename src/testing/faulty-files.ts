import { nodeFiles, type LogFiles } from '../session/file-store/append-log.ts';

/** The files of a disk that fails as it is told, for `createFileStore(root, { files })`. As made, it does not fail. */
export class FaultyFiles implements LogFiles {
  /** How many bytes may still be written; then `ENOSPC`. */
  room = Number.POSITIVE_INFINITY;
  /** A write takes no more than this many bytes, and says so. */
  largestWrite = Number.POSITIVE_INFINITY;
  truncate: 'works' | 'fails' = 'works';
  sync: 'works' | 'fails' = 'works';
  /** How often a sync was begun. */
  syncs = 0;

  writeSync(fd: number, bytes: Buffer, offset: number, length: number): number {
    if (this.room === 0) throw fileError('ENOSPC', 'no space left on device, write');
    const written = nodeFiles.writeSync(fd, bytes, offset, Math.min(length, this.largestWrite, this.room));
    this.room -= written;
    return written;
  }

  ftruncateSync(fd: number, length: number): void {
    if (this.truncate === 'fails') throw fileError('EIO', 'i/o error, ftruncate');
    nodeFiles.ftruncateSync(fd, length);
  }

  async fdatasync(fd: number): Promise<void> {
    this.syncs++;
    if (this.sync === 'fails') throw fileError('EIO', 'i/o error, fdatasync');
    await nodeFiles.fdatasync(fd);
  }
}

function fileError(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}
