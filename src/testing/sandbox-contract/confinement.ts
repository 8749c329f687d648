import assert from 'node:assert/strict';
import { run, readText, refusesAll, refuses, type SandboxChecks } from './sandbox-checks.ts';

export const confinement: SandboxChecks = {
  'paths that leave the workspace are refused': async (sandbox) => {
    const sibling = `${sandbox.workspace}-sibling/x`;
    for (const path of ['../x', 'a/../../x', '/etc/passwd', sibling]) await refusesAll(sandbox, path);
    await refuses(sandbox.list('..'), '..');
  },

  'a name that only begins with two dots is inside': async (sandbox) => {
    await sandbox.writeFile('..x', 'inside');
    assert.equal(await readText(sandbox, '..x'), 'inside');
  },

  'links that leave the workspace are refused, also as a folder on the way': async (sandbox) => {
    await run(sandbox, 'ln -s /etc/passwd file; ln -s / root; ln -s root again');
    for (const path of ['file', 'root/etc/passwd', 'again/etc/passwd']) await refusesAll(sandbox, path);
    for (const path of ['root', 'root/etc']) await refuses(sandbox.list(path), path);
    await refuses(run(sandbox, 'true', { cwd: 'root' }), 'root');
  },

  'a dangling link out of the workspace makes no file there': async (sandbox) => {
    const outside = `${sandbox.workspace}-outside`;
    await run(sandbox, `ln -s "${outside}" link; ln -s "${outside}" folder`);
    await refusesAll(sandbox, 'link');
    await refusesAll(sandbox, 'folder/below');
    assert.equal((await run(sandbox, `ls "${outside}"`)).stdout, '');
  },

  'paths no file can have are refused': async (sandbox) => {
    await run(sandbox, 'ln -s circle circle');
    for (const path of ['a\0b', 'x'.repeat(300), 'circle', 'circle/below']) await refusesAll(sandbox, path);
  },
};
