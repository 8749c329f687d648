import { once } from 'node:events';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSkillFolder } from '../../src/skills/read-skill-folder.ts';
import type { Skill } from '../../src/skills/skill.ts';
import { temporaryWorkspace } from '../sandbox/helpers.ts';
import { skillText, writeFiles } from '../support/skills.ts';

/** A skill with some files more. */
async function skillWith(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Skill> {
  const folder = join(await temporaryWorkspace(), 'pdf');
  await writeFiles(folder, { 'SKILL.md': skillText('pdf'), ...files });
  return { name: 'pdf', description: 'd', folder, frontMatter: {} };
}

describe('the files of a skill', () => {
  test('are all in its folder, with what they hold and whether they can be run', async () => {
    const image = new Uint8Array([0, 255, 10, 13, 128]);
    const skill = await skillWith({ 'run.sh': 'echo hi', 'assets/deep/a.png': image, "it's a file.txt": '' });
    const files = await readSkillFolder(skill);
    expect(files.map(({ path, isExecutable }) => [path, isExecutable])).toEqual([
      ['SKILL.md', false],
      ["it's a file.txt", false],
      ['run.sh', true],
      ['assets/deep/a.png', false],
    ]);
    expect(new Uint8Array(files.at(-1)?.data ?? [])).toEqual(image);
  });

  test('are not those that are hidden, installed or made, whatever these are', async () => {
    const skill = await skillWith({
      '.env': '',
      '.git/config': '',
      'node_modules/a/index.js': '',
      '__pycache__/a.pyc': '',
    });
    await symlink('/etc', join(skill.folder, 'node_modules/etc'));
    await symlink('/etc', join(skill.folder, '.etc'));
    expect((await readSkillFolder(skill)).map(({ path }) => path)).toEqual(['SKILL.md']);
  });
});

describe('a skill is refused', () => {
  test.each([
    ['/etc', 'data', 'data'],
    ['/etc/passwd', 'references/passwd.md', 'references/passwd.md'],
    ['SKILL.md', 'copy.md', 'copy.md'],
    ['/nowhere', 'gone', 'gone'],
  ])('for a link to %s', async (target, at, told) => {
    const skill = await skillWith({ 'references/a.md': '' });
    await symlink(target, join(skill.folder, at));
    await expect(readSkillFolder(skill)).rejects.toMatchObject({
      code: 'tool-error',
      message: `Skill "pdf" cannot be loaded: "${told}" in it is a link, and only files and folders are copied.`,
    });
  });

  test('for what is no file', async () => {
    const skill = await skillWith();
    await using server = createServer().listen(join(skill.folder, 'socket'));
    await once(server, 'listening');
    await expect(readSkillFolder(skill)).rejects.toThrow('"socket" in it is neither a file nor a folder');
  });

  test('when its folder has become a link since it was found', async () => {
    const skill = await skillWith();
    await rename(skill.folder, `${skill.folder}-moved`);
    await symlink('/etc', skill.folder);
    await expect(readSkillFolder(skill)).rejects.toThrow('leads out of its folder');
  });

  test('when it is gone, without telling where it was', async () => {
    const skill = { ...(await skillWith()), folder: '/no/such/place' };
    await expect(readSkillFolder(skill)).rejects.toThrow(
      /^Skill "pdf" cannot be loaded: "\." in it cannot be read \(ENOENT\)\.$/,
    );
  });

  test('for too many files, too many folders, or too much in them', async () => {
    const many = Array.from({ length: 200 }, (_, place) => [`f${place}`, '']);
    await expect(readSkillFolder(await skillWith(Object.fromEntries(many)))).rejects.toThrow('more than 200 files');
    const nested = await skillWith();
    await mkdir(join(nested.folder, 'd/'.repeat(201)), { recursive: true });
    await expect(readSkillFolder(nested)).rejects.toThrow('more than 200 folders');
    const half = new Uint8Array(6 * 1024 * 1024);
    await expect(readSkillFolder(await skillWith({ a: half, b: half }))).rejects.toThrow(
      'it has more than 10485760 bytes',
    );
    const large = new Uint8Array(11 * 1024 * 1024);
    await expect(readSkillFolder(await skillWith({ large }))).rejects.toThrow('"large" in it has more than 10485760');
  });
});
