import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { JournalRecord, SessionStore } from '../../../src/session/session-store.ts';

/** A folder of its own for one test, removed at its end. */
export class TemporaryRoot implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sagents-file-store-'));

  file(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function record(seq: number, value: unknown = seq): JournalRecord {
  return { seq, at: 1_700_000_000.5, entries: [{ type: 'state', key: 'k', value }] };
}

/** Writes records 1 to `count` as one writer. */
export async function write(store: SessionStore, sessionId: string, count: number): Promise<void> {
  await using writer = await store.open(sessionId, { create: true });
  for (let seq = 1; seq <= count; seq++) writer.append(record(seq));
}

export async function seqsIn(store: SessionStore, sessionId: string): Promise<number[] | undefined> {
  const result = await store.read(sessionId);
  return result?.records.map(({ seq }) => seq);
}

/** A child process, running `owner-process.ts`, that answers each line with a line. Disposing it kills it. */
export class OwnerProcess implements Disposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args);
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('The owner process has ended.');
    return value;
  }

  ask(command: string): Promise<string> {
    this.child.stdin.write(`${command}\n`);
    return this.line();
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }
}

/** How to run `owner-process.ts` with these arguments. */
export function ownerArgs(...args: readonly string[]): string[] {
  return ['--import', 'tsx', fileURLToPath(new URL('./owner-process.ts', import.meta.url)), ...args];
}
