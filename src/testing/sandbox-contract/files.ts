import assert from 'node:assert/strict';
import { run, readText, refuses, type SandboxChecks } from './sandbox-checks.ts';

export const files: SandboxChecks = {
  'a file gives back the bytes it was given': async (sandbox) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await sandbox.writeFile('bytes', bytes);
    assert.deepEqual(Uint8Array.from(await sandbox.readFile('bytes')), bytes);
    await sandbox.writeFile('lines', 'a\r\nb\n€');
    assert.equal(await readText(sandbox, 'lines'), 'a\r\nb\n€');
  },

  'a command and the file operations see the same files, by relative and by absolute path': async (sandbox) => {
    await sandbox.writeFile(`${sandbox.workspace}/a.txt`, 'written');
    assert.equal((await run(sandbox, 'cat a.txt; printf made > b.txt')).stdout, 'written');
    assert.equal(await readText(sandbox, 'b.txt'), 'made');
  },

  'writing makes the missing folders': async (sandbox) => {
    await sandbox.writeFile('a/b/c.txt', 'deep');
    await sandbox.writeFile('d/e/f.txt', 'deep too', { mode: 'append' });
    assert.deepEqual(
      [await readText(sandbox, 'a/b/c.txt'), await readText(sandbox, 'd/e/f.txt')],
      ['deep', 'deep too'],
    );
  },

  'overwriting replaces the content and keeps the mode': async (sandbox) => {
    await sandbox.writeFile('script', 'old and longer');
    await run(sandbox, 'chmod 751 script');
    await sandbox.writeFile('script', 'new');
    assert.equal((await run(sandbox, 'cat script; ls -l script | cut -c1-10')).stdout, 'new-rwxr-x--x\n');
    assert.deepEqual(
      (await sandbox.list('.')).map(({ path }) => path),
      [`${sandbox.workspace}/script`],
    );
  },

  'appending adds to the end, whatever bytes stand there': async (sandbox) => {
    await sandbox.writeFile('log', Uint8Array.of(0xff, 0xfe));
    await sandbox.writeFile('log', 'a', { mode: 'append' });
    await sandbox.writeFile('log', Uint8Array.of(0x80), { mode: 'append' });
    assert.deepEqual([...(await sandbox.readFile('log'))], [0xff, 0xfe, 0x61, 0x80]);
  },

  'writing through a link writes its target': async (sandbox) => {
    await run(sandbox, 'mkdir folder; ln -s folder/target link');
    await sandbox.writeFile('link', 'one ');
    await sandbox.writeFile('link', 'two', { mode: 'append' });
    assert.equal(await readText(sandbox, 'folder/target'), 'one two');
    assert.equal((await run(sandbox, 'readlink link')).stdout, 'folder/target\n');
  },

  'a missing file is an error that names the path': async (sandbox) => {
    await refuses(sandbox.readFile('missing.txt'), 'missing.txt');
    await refuses(sandbox.stat('missing.txt'), 'missing.txt');
    await refuses(sandbox.list('missing'), 'missing');
  },

  'a folder is not read or written as a file, nor a file listed': async (sandbox) => {
    await sandbox.writeFile('folder/file', '');
    await refuses(sandbox.readFile('folder'), 'folder');
    await refuses(sandbox.writeFile('folder', ''), 'folder');
    await refuses(sandbox.writeFile('folder', '', { mode: 'append' }), 'folder');
    await refuses(sandbox.writeFile('folder/file/below', ''), 'folder/file/below');
    await refuses(sandbox.list('folder/file'), 'folder/file');
  },

  'a pipe is refused at once instead of waiting for its other end': async (sandbox) => {
    await run(sandbox, 'mkfifo pipe');
    await refuses(sandbox.readFile('pipe'), 'pipe');
    await refuses(sandbox.writeFile('pipe', ''), 'pipe');
    await refuses(sandbox.writeFile('pipe', '', { mode: 'append' }), 'pipe');
    assert.equal((await sandbox.stat('pipe')).type, 'other');
  },

  'a listing is sorted by name, and tells types and sizes': async (sandbox) => {
    await sandbox.writeFile('b.txt', '12345');
    await sandbox.writeFile('a/x', '');
    await sandbox.writeFile('.hidden', '');
    const listed = await sandbox.list('.');
    assert.deepEqual(
      listed.map(({ path, type }) => [path, type]),
      [
        [`${sandbox.workspace}/.hidden`, 'file'],
        [`${sandbox.workspace}/a`, 'directory'],
        [`${sandbox.workspace}/b.txt`, 'file'],
      ],
    );
    assert.equal(listed[2]?.size, 5);
    assert.deepEqual(await sandbox.stat('b.txt'), listed[2]);
  },

  'a listing survives links that lead nowhere, in circles or outside': async (sandbox) => {
    await run(sandbox, 'ln -s nowhere dangling; ln -s circle circle; ln -s / outside; touch file; ln -s file link');
    const types = (await sandbox.list('.')).map(({ path, type }) => `${path.split('/').at(-1)} ${type}`);
    assert.deepEqual(types, ['circle other', 'dangling other', 'file file', 'link file', 'outside other']);
  },
};
