import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FolderSandbox } from '../../src/sandbox/folder-sandbox.ts';
import { openPassthroughSandbox } from '../../src/sandbox/passthrough/passthrough-sandbox.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { sandboxContract } from '../../src/testing/index.ts';
import { readAll, temporaryWorkspace } from './helpers.ts';
import { openLocal } from './local/helpers.ts';
import { Hosted } from './remote/hosted.ts';

async function openPassthrough(): Promise<Sandbox> {
  return await openPassthroughSandbox({ workspace: await temporaryWorkspace() });
}

async function openRemote(): Promise<Sandbox> {
  const server = await Hosted.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return await server.open();
}

async function readText(sandbox: Sandbox, path: string): Promise<string> {
  return new TextDecoder().decode(await sandbox.readFile(path));
}

const closed = { code: 'sandbox-closed' };

describe('a folder of a sandbox keeps the contract', () => {
  /** What another workspace would promise, and a folder of a shared one does not. */
  const otherwise: readonly string[] = [
    // What is around the folder is the shared workspace.
    'paths that leave the workspace are refused',
    'a dangling link out of the workspace makes no file there',
    'a command does not start where there is no folder',
    'the workspace itself stays, and nothing outside is moved or removed',
    // Told as `abort`: the sandbox that runs them stays open.
    'closing the sandbox ends background commands',
  ];
  const contract = sandboxContract(async () => {
    const sandbox = await openPassthrough();
    onTestFinished(() => sandbox.close());
    return new FolderSandbox(sandbox, 'agents/child');
  });
  const kept = contract.filter(({ name }) => !otherwise.includes(name));

  test.each(kept)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  test('but for what is shared', () => {
    expect(kept.length).toBe(contract.length - otherwise.length);
  });
});

describe.each([
  ['passthrough', openPassthrough],
  ['local', () => openLocal()],
  ['remote', openRemote],
] as const)('folders of a %s sandbox', { timeout: 30_000 }, (_, open) => {
  test('have files of the same name side by side, for file operations and commands', async () => {
    await using sandbox = await open();
    const [one, two] = [new FolderSandbox(sandbox, 'one'), new FolderSandbox(sandbox, 'two')];
    await Promise.all([one.writeFile('a.txt', 'of one'), two.writeFile('a.txt', 'of two')]);
    expect((await readAll(one.exec('cat a.txt; pwd'))).stdout).toBe(`of one${sandbox.workspace}/one\n`);
    expect((await readAll(two.exec('cat a.txt; pwd'))).stdout).toBe(`of two${sandbox.workspace}/two\n`);
    expect([await readText(one, 'a.txt'), await readText(sandbox, 'two/a.txt')]).toEqual(['of one', 'of two']);
    expect(one).toMatchObject({ type: sandbox.type, mounts: [], workspace: `${sandbox.workspace}/one` });
  });

  test('reach the shared workspace, by absolute paths and by those that lead there', async () => {
    await using sandbox = await open();
    await sandbox.writeFile('shared.txt', 'shared');
    const folder = new FolderSandbox(sandbox, 'deep/folder');
    const shared = `${sandbox.workspace}/shared.txt`;
    expect([await readText(folder, shared), await readText(folder, '../../shared.txt')]).toEqual(['shared', 'shared']);
    await folder.move(shared, 'mine.txt');
    expect((await readAll(folder.exec('cat deep/folder/mine.txt', { cwd: sandbox.workspace }))).stdout).toBe('shared');
  });

  test('lead no further than the sandbox does, and tell paths as they were given', async () => {
    await using sandbox = await open();
    const folder = new FolderSandbox(sandbox, 'deep/folder');
    for (const path of ['../../../x', '/etc/passwd']) {
      const refusal = {
        code: 'sandbox-error',
        facts: { path },
        message: expect.stringContaining(`"${path}" is`),
      };
      await expect(folder.readFile(path)).rejects.toMatchObject(refusal);
      await expect(folder.writeFile(path, '')).rejects.toMatchObject(refusal);
      await expect(folder.grep('x', { path })).rejects.toMatchObject(refusal);
      await expect(readAll(folder.exec('true', { cwd: path }))).rejects.toMatchObject(refusal);
    }
    await folder.writeFile('to', '');
    await folder.writeFile('a', '');
    await expect(folder.writeFile('to/b', '')).rejects.toMatchObject({ facts: { path: 'to/b' } });
    await expect(folder.move('a', 'to')).rejects.toMatchObject({ facts: { path: 'to' } });
  });

  test('start commands in themselves, or where a relative folder leads from there', async () => {
    await using sandbox = await open();
    const folder = new FolderSandbox(sandbox, 'folder');
    await folder.writeFile('below/x', '');
    expect((await readAll(folder.exec('ls'))).stdout).toBe('below\n');
    expect((await readAll(folder.exec('ls', { cwd: 'below' }))).stdout).toBe('x\n');
    const command = await folder.spawn('ls', { cwd: 'below' });
    await command.wait();
    expect((await command.read()).text).toBe('x\n');
    const refusal = { code: 'sandbox-error', facts: { path: 'missing' } };
    await expect(readAll(folder.exec('true', { cwd: 'missing' }))).rejects.toMatchObject(refusal);
    await expect(folder.spawn('true', { cwd: 'missing' })).rejects.toMatchObject(refusal);
  });

  test('are where searching begins, and what is found can be used again', async () => {
    await using sandbox = await open();
    await sandbox.writeFile('src/a.ts', 'word');
    const folder = new FolderSandbox(sandbox, 'folder');
    expect(await folder.list('.')).toEqual([]);
    await folder.writeFile('src/b.ts', 'word');
    await folder.writeFile('c.ts', 'word');
    const [src] = await folder.list('.').then((entries) => entries.filter(({ type }) => type === 'directory'));
    const [listed] = await folder.list(src?.path ?? '');
    const { files } = await folder.glob('src/*.ts');
    const { matches } = await folder.grep('word', { glob: 'src/*.ts' });
    const found = `${folder.workspace}/src/b.ts`;
    expect([listed?.path, ...files.map(({ path }) => path), ...matches.map(({ path }) => path)]).toEqual([
      found,
      found,
      found,
    ]);
    expect(await readText(folder, found)).toBe('word');
    expect((await folder.grep('word', { path: 'src', outputMode: 'count' })).files).toEqual([
      { path: found, count: 1 },
    ]);
    expect((await folder.grep('word', { path: sandbox.workspace })).matches.length).toBe(3);
  });
});

describe('background commands of folders', () => {
  test('are told apart, and the sandbox knows them all', async () => {
    await using sandbox = await openPassthrough();
    const [one, two] = [new FolderSandbox(sandbox, 'one'), new FolderSandbox(sandbox, 'two')];
    const ofOne = await one.spawn('sleep 300');
    const ofTwo = await two.spawn('sleep 300');
    const own = await sandbox.spawn('sleep 300');
    expect(one.backgroundCommands()).toEqual([ofOne]);
    expect(two.backgroundCommands()).toEqual([ofTwo]);
    expect(sandbox.backgroundCommands()).toEqual([ofOne, ofTwo, own]);
  });
});

describe('closing a folder', () => {
  test('ends what was started there, and nothing else', async () => {
    await using sandbox = await openPassthrough();
    const [one, two] = [new FolderSandbox(sandbox, 'one'), new FolderSandbox(sandbox, 'two')];
    const commands = [await one.spawn('sleep 300'), await two.spawn('sleep 300'), await sandbox.spawn('sleep 300')];
    const output = one.exec('echo begun; sleep 300');
    await output.next();
    const ended = output.next();
    await one.close();
    expect(commands.map(({ result }) => result)).toEqual([{ exitCode: 143, endedBy: 'abort' }, undefined, undefined]);
    expect(await ended).toEqual({ done: true, value: { exitCode: 143, endedBy: 'close' } });
    expect((await readAll(two.exec('echo on'))).stdout).toBe('on\n');
    expect((await sandbox.list('.')).length).toBe(2);
  });

  test('leaves nobody to be told how its commands ended', async () => {
    await using sandbox = await openPassthrough();
    const folder = new FolderSandbox(sandbox, 'folder');
    const ended = await folder.spawn('true');
    await ended.wait();
    const running = await folder.spawn('sleep 300');
    await folder.close();
    expect([ended.isAcknowledged, running.isAcknowledged]).toEqual([true, true]);
  });

  test('ends a command that is just being started', async () => {
    await using sandbox = await openPassthrough();
    const folder = new FolderSandbox(sandbox, 'folder');
    const spawn = sandbox.spawn.bind(sandbox);
    vi.spyOn(sandbox, 'spawn').mockImplementation(async (...given) => {
      const started = await spawn(...given);
      await folder.close();
      return started;
    });
    await expect(folder.spawn('sleep 300')).rejects.toMatchObject(closed);
    expect(sandbox.backgroundCommands()).toMatchObject([{ result: { endedBy: 'abort' }, isAcknowledged: true }]);
  });

  test('comes with that of the sandbox', async () => {
    const sandbox = await openPassthrough();
    const folder = new FolderSandbox(sandbox, 'folder');
    await folder.list('.');
    await sandbox.close();
    await expect(folder.list('.')).rejects.toMatchObject(closed);
    expect(() => folder.backgroundCommands()).toThrow(expect.objectContaining(closed));
    await folder.close();
  });
});

describe('the folder itself', () => {
  test('is made once, by the first use of many, and not before', async () => {
    await using sandbox = await openPassthrough();
    const exec = vi.spyOn(sandbox, 'exec');
    const folder = new FolderSandbox(sandbox, 'folder');
    expect(await readdir(sandbox.workspace)).toEqual([]);
    await Promise.all([folder.list('.'), folder.writeFile('a.txt', ''), readAll(folder.exec('ls')), folder.stat('.')]);
    await folder.list('.');
    expect(exec.mock.calls.filter(([command]) => command.startsWith('mkdir')).length).toBe(1);
  });

  test('that cannot be made is told with its path, and tried again', async () => {
    await using sandbox = await openPassthrough();
    const inTheWay = join(sandbox.workspace, 'folder');
    await writeFile(inTheWay, '');
    const folder = new FolderSandbox(sandbox, 'folder/-x $HOME');
    const failure = { code: 'sandbox-error', facts: { path: `${inTheWay}/-x $HOME` } };
    await expect(folder.list('.')).rejects.toMatchObject(failure);
    await expect(readAll(folder.exec('true'))).rejects.toMatchObject(failure);
    await rm(inTheWay);
    expect(await folder.list('.')).toEqual([]);
    expect(await readdir(inTheWay)).toEqual(['-x $HOME']);
  });

  test.each(['', '.', '..', 'a/../..', '../sibling', '/absolute', 'a\0b'])(
    'is below the workspace: not %j',
    async (path) => {
      await using sandbox = await openPassthrough();
      expect(() => new FolderSandbox(sandbox, path)).toThrow(
        expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ given: path }) }),
      );
    },
  );
});
