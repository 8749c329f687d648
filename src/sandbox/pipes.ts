import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The two pipes of a command: the ends to read, and the descriptors of those it writes to. */
export interface Pipes {
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly writers: readonly [stdout: number, stderr: number];
  /** To be called once the command has its own: a pipe ends when nobody can write to it any more. */
  closeWriters(): void;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/**
 * Opens two real pipes. What Node itself gives to its children are sockets, which nobody can open by name: commands like
 * `echo no > /dev/stderr` and `tee /dev/stdout` would fail.
 */
export async function openPipes(): Promise<Pipes> {
  const folder = await mkdtemp(join(tmpdir(), 'sagents-pipes-'));
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const [out, err] = [join(folder, 'stdout'), join(folder, 'stderr')];
    await promisify(execFile)('mkfifo', [out, err]);
    // The reading ends first, and without waiting for a writer; then the writing ends find their readers.
    const readers = [open(out, O_RDONLY | O_NONBLOCK), open(err, O_RDONLY | O_NONBLOCK)] as const;
    const writers = [open(out, O_WRONLY), open(err, O_WRONLY)] as const;
    return {
      stdout: new Socket({ fd: readers[0], readable: true, writable: false }),
      stderr: new Socket({ fd: readers[1], readable: true, writable: false }),
      writers,
      closeWriters: () => writers.forEach((descriptor) => closeSync(descriptor)),
    };
  } catch (error) {
    opened.forEach((descriptor) => closeSync(descriptor));
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
