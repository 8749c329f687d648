import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { toLockText } from '../../../src/session/file-store/lock-file.ts';
import { thisProcess } from '../../../src/session/file-store/process-identity.ts';
import { OwnerProcess, ownerArgs, record, TemporaryRoot, write } from './support.ts';

const foreign = { ...thisProcess(), pidNamespace: 'pid:[1]' };
const reused = { ...thisProcess(), started: '1' };

afterEach(() => {
  vi.useRealTimers();
});

describe('an owner we can see', () => {
  test('is live while its process runs, though it never renews', async () => {
    using root = new TemporaryRoot();
    const store = createFileStore(root.path);
    await using writer = await store.open('s', { create: true });
    writer.append(record(1));
    age(root.file('s', 'lock.1'), 3_600);
    const busy = { code: 'session-busy', facts: { owner: `process ${process.pid} on ${foreign.host}` } };
    await expect(createFileStore(root.path).open('s', { create: true })).rejects.toMatchObject(busy);
  });

  test('is dead when its pid is now that of a later process', async () => {
    using root = new TemporaryRoot();
    const dead = createFileStore(root.path, { self: reused });
    const late = await dead.open('s', { create: true });
    late.append(record(1));

    const store = createFileStore(root.path);
    expect(await store.owner('s')).toMatchObject({ state: 'dead' });
    await using writer = await store.open('s', { create: false });
    expect(writer).toMatchObject({ epoch: 2, stored: { records: [record(1)] } });
    await dead.close();
  });

  test('is taken over at once when it was killed, also while it is a zombie', async () => {
    using root = new TemporaryRoot();
    // The shell becomes a `sleep` that never asks how its child ended: the child stays a zombie.
    const script = '"$@" & echo $!; exec sleep 60';
    using parent = new OwnerProcess('sh', ['-c', script, 'sh', process.execPath, ...ownerArgs(root.path, 's')]);
    const pid = Number(await parent.line());
    expect(await parent.line()).toBe('open 1');
    const store = createFileStore(root.path);
    expect(await store.owner('s')).toMatchObject({ state: 'live' });

    process.kill(pid, 'SIGKILL');
    await vi.waitUntil(() => readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z '), { interval: 1 });
    await using writer = await store.open('s', { create: false });
    expect(writer.epoch).toBe(2);
    expect(writer.stored.records).toHaveLength(1);
  });

  test('is taken over at once when it was killed and is gone altogether', async () => {
    using root = new TemporaryRoot();
    using owner = new OwnerProcess(process.execPath, ownerArgs(root.path, 's'));
    expect(await owner.line()).toBe('open 1');
    owner.child.kill('SIGKILL');
    await new Promise((resolve) => owner.child.once('exit', resolve));
    await using writer = await createFileStore(root.path).open('s', { create: false });
    expect(writer.epoch).toBe(2);
  });
});

describe('an owner we cannot see', () => {
  test.each([
    ['in another pid namespace', foreign],
    ['from another boot', { ...thisProcess(), boot: 'before' }],
    ['on another host', { ...thisProcess(), host: 'elsewhere' }],
    ['in an unknown namespace', withoutNamespace()],
  ])('%s is live for 30 s after its last renewal', async (_where, self) => {
    using root = new TemporaryRoot();
    await using writer = await createFileStore(root.path, { self }).open('s', { create: true });
    writer.append(record(1));
    const store = createFileStore(root.path);
    age(root.file('s', 'lock.1'), 29);
    await expect(store.open('s', { create: true })).rejects.toMatchObject({ code: 'session-busy' });
    age(root.file('s', 'lock.1'), 31);
    await using next = await store.open('s', { create: true });
    expect(next).toMatchObject({ epoch: 2, stored: { records: [record(1)] } });
  });

  test('that was paused and wakes is fenced, and its late write is not in the journal', async () => {
    using root = new TemporaryRoot();
    await using paused = await createFileStore(root.path, { self: foreign }).open('s', { create: true });
    paused.append(record(1));
    age(root.file('s', 'lock.1'), 31);

    const store = createFileStore(root.path);
    await using writer = await store.open('s', { create: false });
    const lost = { code: 'session-lost', facts: { sessionId: 's', epoch: 1 } };
    expect(thrownBy(() => paused.append(record(2, 'late')))).toMatchObject(lost);
    writer.append(record(2));
    expect(thrownBy(() => paused.append(record(3, 'late')))).toMatchObject(lost);
    await expect(paused.sync()).rejects.toMatchObject(lost);
    await paused.close();

    writer.append(record(3));
    expect((await store.read('s'))?.records).toEqual([record(1), record(2), record(3)]);
    expect(await store.owner('s')).toMatchObject({ state: 'live' });
  });

  test('that wakes before it ever wrote is fenced as well', async () => {
    using root = new TemporaryRoot();
    await write(createFileStore(root.path), 's', 1);
    await using paused = await createFileStore(root.path, { self: foreign }).open('s', { create: false });
    age(root.file('s', 'lock.2'), 31);

    const store = createFileStore(root.path);
    await using writer = await store.open('s', { create: false });
    expect(thrownBy(() => paused.append(record(2, 'late')))).toMatchObject({ code: 'session-lost' });
    writer.append(record(2));
    expect((await store.read('s'))?.records).toEqual([record(1), record(2)]);
  });

  test('renews its lock every 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    using root = new TemporaryRoot();
    await using writer = await createFileStore(root.path, { self: foreign }).open('s', { create: true });
    writer.append(record(1));
    age(root.file('s', 'lock.1'), 31);
    vi.advanceTimersByTime(10_000);
    expect(Date.now() - statSync(root.file('s', 'lock.1')).mtimeMs).toBeLessThan(10_000);
  });

  test('whose lock is unreadable after a loss of power has 30 s too', async () => {
    using root = new TemporaryRoot();
    const store = createFileStore(root.path);
    await write(store, 's', 1);
    writeFileSync(root.file('s', 'lock.2'), Buffer.from('\0\0\n\0\0\n'));
    await expect(store.open('s', { create: false })).rejects.toMatchObject({ code: 'session-busy' });
    age(root.file('s', 'lock.2'), 31);
    await using writer = await store.open('s', { create: false });
    expect(writer.epoch).toBe(3);
  });
});

describe('a journal that a paused owner may still write to', () => {
  test('gets a new inode, and old cursors read it from the start', async () => {
    using root = new TemporaryRoot();
    await using paused = await createFileStore(root.path, { self: foreign }).open('s', { create: true });
    paused.append(record(1));
    const store = createFileStore(root.path);
    const before = await store.read('s');
    age(root.file('s', 'lock.1'), 31);
    await using writer = await store.open('s', { create: false });
    expect(writer.cursor()['ino']).not.toBe(before?.cursor['ino']);
    await expect(store.read('s', before?.cursor)).resolves.toMatchObject({ records: [record(1)], fromStart: true });
  });

  test('is copied by the next owner, if the one who took over died before it could', async () => {
    using root = new TemporaryRoot();
    const store = createFileStore(root.path);
    await write(store, 's', 1);
    const { ino } = statSync(root.file('s', 'journal.jsonl'));
    writeFileSync(root.file('s', 'lock.2'), toLockText('shared', reused));
    await using writer = await store.open('s', { create: false });
    expect(writer.cursor()['ino']).not.toBe(ino);
  });

  test('is copied by the next owner, if the one who took over failed to', async () => {
    using root = new TemporaryRoot();
    await using paused = await createFileStore(root.path, { self: foreign }).open('s', { create: true });
    paused.append(record(1));
    const journal = root.file('s', 'journal.jsonl');
    const whole = readFileSync(journal);
    writeFileSync(journal, `damage\n${whole.toString()}`);
    age(root.file('s', 'lock.1'), 31);
    const store = createFileStore(root.path);
    await expect(store.open('s', { create: false })).rejects.toMatchObject({ code: 'journal-damaged' });

    writeFileSync(journal, whole);
    const { ino } = statSync(journal);
    await using writer = await store.open('s', { create: false });
    expect(writer.cursor()['ino']).not.toBe(ino);
    await writer.close();

    await using later = await store.open('s', { create: false });
    expect(later.cursor()['ino']).toBe(writer.cursor()['ino']);
  });
});

test('epochs never repeat: a released lock stays, empty', async () => {
  using root = new TemporaryRoot();
  const store = createFileStore(root.path);
  for (let epoch = 1; epoch <= 5; epoch++) {
    const writer = await store.open('s', { create: true });
    expect(writer.epoch).toBe(epoch);
    if (epoch === 1) writer.append(record(1));
    await writer.close();
    expect(readFileSync(root.file('s', `lock.${epoch}`), 'utf8')).toBe('');
  }
});

function age(lock: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(lock, then, then);
}

function withoutNamespace() {
  const { pidNamespace: _, ...rest } = thisProcess();
  return rest;
}

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
