import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { toLockText } from '../../../src/session/file-store/lock-file.ts';
import { thisProcess } from '../../../src/session/file-store/process-identity.ts';
import type { SessionStore, SessionWriter } from '../../../src/session/session-store.ts';
import { OwnerProcess, ownerArgs, record, seqsIn, TemporaryRoot, write } from './support.ts';

test(
  'of two processes that race for a session, 100 times, exactly one owns it each time',
  { timeout: 60_000 },
  async () => {
    using root = new TemporaryRoot();
    using one = new OwnerProcess(process.execPath, ownerArgs(root.path));
    using two = new OwnerProcess(process.execPath, ownerArgs(root.path));
    await Promise.all([one.line(), two.line()]);

    let epoch = 0;
    for (let round = 1; round <= 100; round++) {
      // Every other time the session was not released: its owner is dead.
      if (round % 2 === 0) writeFileSync(root.file('s', `lock.${++epoch}`), deadOwner());
      const answers = await Promise.all([one.ask('open s'), two.ask('open s')]);
      expect(answers.toSorted()).toEqual(['busy', `open ${++epoch}`]);
      expect(await (answers[0] === 'busy' ? two : one).ask('close')).toBe('closed');
    }

    const store = createFileStore(root.path);
    expect(await seqsIn(store, 's')).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(readdirSync(root.file('s')).toSorted()).toEqual(['journal.jsonl', `lock.${epoch}`]);
    expect(readFileSync(root.file('s', `lock.${epoch}`), 'utf8')).toBe('');
  },
);

describe('a process that found a session free, and then was slow', () => {
  test('does not take it from the owner who was faster', async () => {
    using root = new TemporaryRoot();
    await using other = new Meanwhile(root.path);
    await write(other.store, 's', 1);
    const late = other.during(() => other.open());
    await expect(late.open('s', { create: true })).rejects.toMatchObject({ code: 'session-busy' });
    (await other.writer)?.append(record(2));
  });

  test('does not take it from the owner who has begun it anew, with lower epochs', async () => {
    using root = new TemporaryRoot();
    await using other = new Meanwhile(root.path);
    for (let count = 0; count < 3; count++) await write(other.store, 's', 1);
    const late = other.during(() => {
      rmSync(root.file('s'), { recursive: true });
      other.open();
    });
    await expect(late.open('s', { create: true })).rejects.toMatchObject({ code: 'session-busy' });
    (await other.writer)?.append(record(1));
  });

  test('does not take it from the owner who has begun it anew, and has come to the same epoch', async () => {
    using root = new TemporaryRoot();
    await using other = new Meanwhile(root.path);
    await write(other.store, 's', 1);
    const late = other.during(() => {
      rmSync(root.file('s'), { recursive: true });
      other.open();
    });
    await expect(late.open('s', { create: true })).rejects.toMatchObject({ code: 'session-busy' });
    (await other.writer)?.append(record(1));
  });

  test('goes on from the epoch of those who have come and gone', async () => {
    using root = new TemporaryRoot();
    await using other = new Meanwhile(root.path);
    await write(other.store, 's', 1);
    const late = other.during(() => {
      rmSync(root.file('s', 'lock.1'));
      writeFileSync(root.file('s', 'lock.3'), '');
    });
    await using writer = await late.open('s', { create: true });
    expect(writer.epoch).toBe(4);
    expect(readdirSync(root.file('s')).toSorted()).toEqual(['journal.jsonl', 'lock.4']);
  });
});

/** Another owner, and what it does while an `open` of `during` stands between reading the locks and linking its own. */
class Meanwhile implements AsyncDisposable {
  readonly store: SessionStore;
  writer: Promise<SessionWriter> | undefined;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.store = createFileStore(root);
  }

  /** Has its lock when it returns: the file store opens in one synchronous act. */
  open(): void {
    this.writer = this.store.open('s', { create: true });
  }

  during(act: () => void): SessionStore {
    const self = thisProcess();
    let isFirst = true;
    // Writing the owner into the lock is what happens in between.
    const toJSON = (): typeof self => {
      if (isFirst) act();
      isFirst = false;
      return self;
    };
    return createFileStore(this.#root, { self: Object.assign({ ...self }, { toJSON }) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.store.close();
  }
}

/** Our own pid, as a process had it that is gone. */
function deadOwner(): string {
  return toLockText('own', { ...thisProcess(), started: '1' });
}
