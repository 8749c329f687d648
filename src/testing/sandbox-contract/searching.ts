import assert from 'node:assert/strict';
import { refuses, run, type SandboxChecks } from './sandbox-checks.ts';

export const searching: SandboxChecks = {
  'files are found by pattern, the newest first': async (sandbox) => {
    await run(
      sandbox,
      'mkdir -p src/deep; touch -d "2020-01-01" src/old.ts; touch -d "2021-01-01" src/deep/new.ts; touch a.md',
    );
    const { files, truncated } = await sandbox.glob('**/*.ts');
    const found = files.map(({ path, type }) => [path, type]);
    assert.deepEqual(
      [found, truncated],
      [
        [
          [`${sandbox.workspace}/src/deep/new.ts`, 'file'],
          [`${sandbox.workspace}/src/old.ts`, 'file'],
        ],
        false,
      ],
    );
    assert.deepEqual(
      (await sandbox.glob('*.ts', { path: 'src/deep' })).files.map(({ path }) => path),
      [`${sandbox.workspace}/src/deep/new.ts`],
    );
    assert.equal((await sandbox.glob('**/*.ts', { limit: 1 })).truncated, true);
  },

  'a pattern that fits nothing finds nothing, and a missing folder is an error': async (sandbox) => {
    assert.deepEqual(await sandbox.glob('*.none'), { files: [], truncated: false });
    await refuses(sandbox.glob('*', { path: 'missing' }), 'missing');
    await refuses(sandbox.glob('*', { path: '/etc' }), '/etc');
  },

  'lines are found with what stands around them': async (sandbox) => {
    await sandbox.writeFile('a.txt', 'one\ntwo\nthree\nfour\n');
    await sandbox.writeFile('b/b.md', 'two\n');
    const { matches, truncated } = await sandbox.grep('tw.', { glob: '*.txt', beforeLines: 1, afterLines: 1 });
    assert.equal(truncated, false);
    assert.equal(matches.length, 1);
    const [match] = matches;
    assert.deepEqual(
      [match?.path, match?.line, match?.text, match?.before, match?.after],
      [`${sandbox.workspace}/a.txt`, 2, 'two', ['one'], ['three']],
    );
  },

  'files and counts are found': async (sandbox) => {
    await sandbox.writeFile('a.txt', 'x\nx\ny\n');
    await sandbox.writeFile('b.txt', 'y\n');
    const files = await sandbox.grep('x', { outputMode: 'files_with_matches' });
    assert.deepEqual(
      files.files.map(({ path }) => path),
      [`${sandbox.workspace}/a.txt`],
    );
    const counts = await sandbox.grep('[xy]', { outputMode: 'count' });
    assert.deepEqual(
      counts.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: `${sandbox.workspace}/a.txt`, count: 3 },
        { path: `${sandbox.workspace}/b.txt`, count: 1 },
      ],
    );
  },

  'nothing found is no error, and a pattern is only ever a pattern': async (sandbox) => {
    await sandbox.writeFile('a.txt', "it's $HOME; `id` -n\n");
    assert.deepEqual((await sandbox.grep('nowhere')).matches, []);
    for (const pattern of ["it's", '\\$HOME', '`id`', '-n']) {
      assert.equal((await sandbox.grep(pattern)).matches.length, 1, pattern);
    }
    await refuses(sandbox.grep('x', { path: 'missing' }), 'missing');
    await refuses(sandbox.grep('root', { path: '/etc/passwd' }), '/etc/passwd');
  },
};
