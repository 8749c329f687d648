import assert from 'node:assert/strict';
import { readText, refuses, run, type SandboxChecks } from './sandbox-checks.ts';

export const moving: SandboxChecks = {
  'a file, a folder and a link are moved': async (sandbox) => {
    await sandbox.writeFile('a/file', 'text');
    await run(sandbox, 'ln -s nowhere link');
    await sandbox.move('a/file', 'new/folder/file');
    assert.equal(await readText(sandbox, 'new/folder/file'), 'text');
    await sandbox.move('new', `${sandbox.workspace}/a/new`);
    await sandbox.move('link', 'moved');
    assert.equal(
      (await run(sandbox, 'find . | sort; readlink moved')).stdout,
      './a\n./a/new\n./a/new/folder\n./a/new/folder/file\n./moved\nnowhere\n'.replace(/^/, '.\n'),
    );
  },

  'nothing is replaced by a move': async (sandbox) => {
    await sandbox.writeFile('a', 'a');
    await sandbox.writeFile('b', 'b');
    await refuses(sandbox.move('a', 'b'), 'b');
    assert.deepEqual([await readText(sandbox, 'a'), await readText(sandbox, 'b')], ['a', 'b']);
    await refuses(sandbox.move('missing', 'c'), 'missing');
  },

  'a folder is removed with all in it, a link without what it leads to': async (sandbox) => {
    await sandbox.writeFile('kept/file', 'kept');
    await run(sandbox, 'mkdir gone; touch gone/x; ln -s ../kept gone/link; ln -s kept link');
    await sandbox.remove('gone');
    await sandbox.remove('link');
    assert.equal((await run(sandbox, 'ls')).stdout, 'kept\n');
    assert.equal(await readText(sandbox, 'kept/file'), 'kept');
    await refuses(sandbox.remove('missing'), 'missing');
  },

  'the workspace itself stays, and nothing outside is moved or removed': async (sandbox) => {
    await sandbox.writeFile('a', '');
    for (const path of ['.', sandbox.workspace, '/', '..', '../x', '/etc/passwd']) {
      await refuses(sandbox.remove(path), path);
      await refuses(sandbox.move(path, 'inside'), path);
    }
    await refuses(sandbox.move('a', '../a'), '../a');
    await run(sandbox, 'ln -s / root');
    await refuses(sandbox.remove('root/etc/passwd'), 'root/etc/passwd');
    assert.equal((await sandbox.stat('a')).type, 'file');
  },
};
