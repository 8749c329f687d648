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
 * Opens real pipes. What Node itself gives to its children are sockets, which nobody can open by name: commands like
 * `echo no > /dev/stderr` and `tee /dev/stdout` would fail.
 *
 * Making them takes a process, about as long as a small command: while one command runs, the pipes of the next are made.
 */
export class PipeSource {
  #next: Promise<Descriptors> | undefined;

  async take(): Promise<Pipes> {
    const taken = this.#next ?? openDescriptors();
    // Before anything is waited for: whoever comes meanwhile must not be given the same ones.
    this.#next = openDescriptors();
    // Whoever takes them is told; nobody may ever do.
    this.#next.catch(() => undefined);
    const { readers, writers } = await taken;
    const toSocket = (fd: number) => new Socket({ fd, readable: true, writable: false });
    return {
      stdout: toSocket(readers[0]),
      stderr: toSocket(readers[1]),
      writers,
      closeWriters: () => writers.forEach((descriptor) => closeSync(descriptor)),
    };
  }

  async close(): Promise<void> {
    const next = await this.#next?.catch(() => undefined);
    this.#next = undefined;
    for (const descriptor of next === undefined ? [] : [...next.readers, ...next.writers]) closeSync(descriptor);
  }
}

interface Descriptors {
  readonly readers: readonly [stdout: number, stderr: number];
  readonly writers: readonly [stdout: number, stderr: number];
}

async function openDescriptors(): Promise<Descriptors> {
  const folder = await mkdtemp(join(tmpdir(), 'sagents-pipes-'));
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const [out, err] = [join(folder, 'stdout'), join(folder, 'stderr')];
    // Their folder is ours alone; a command that runs as somebody else opens what it holds by its descriptor.
    await promisify(execFile)('mkfifo', ['--mode=666', out, err]);
    // The reading ends first, and without waiting for a writer; then the writing ends find their readers.
    const readers = [open(out, O_RDONLY | O_NONBLOCK), open(err, O_RDONLY | O_NONBLOCK)] as const;
    return { readers, writers: [open(out, O_WRONLY), open(err, O_WRONLY)] };
  } catch (error) {
    opened.forEach((descriptor) => closeSync(descriptor));
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
