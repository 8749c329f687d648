import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputRange } from './background.ts';

/** Text that grows at its end and is read from anywhere, kept in a file nobody else can name and nothing outlives. */
export class Spool {
  readonly #file: FileHandle;
  #totalBytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(): Promise<Spool> {
    const folder = await mkdtemp(join(tmpdir(), 'sagents-spool-'));
    try {
      return new Spool(await open(join(folder, 'output'), 'wx+', 0o600));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** `text` in whole characters. One at a time. */
  async add(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      const at = this.#totalBytes + written;
      written += (await this.#file.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
    this.#totalBytes += bytes.length;
  }

  /** Whole characters from `offset` on, at least one if there is any. An offset within a character goes on after it. */
  async read(offset: number, maxBytes: number): Promise<OutputRange> {
    const length = Math.max(0, Math.min(Math.max(maxBytes, 4), this.#totalBytes - offset));
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, offset);
    let [start, end] = [0, bytesRead];
    while (start < end && isContinuation(buffer[start])) start += 1;
    if (offset + end < this.#totalBytes) end = wholeCharacters(buffer, end);
    return { text: buffer.toString('utf8', start, end), nextOffset: offset + end };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The end of the last whole character before `end`. */
function wholeCharacters(bytes: Uint8Array, end: number): number {
  let last = end - 1;
  while (last > 0 && isContinuation(bytes[last])) last -= 1;
  const lead = bytes[last] ?? 0;
  const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return last + size <= end ? end : last;
}

/** UTF-8: the second and later bytes of a character begin with the bits 10. */
function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0b1100_0000) === 0b1000_0000;
}
