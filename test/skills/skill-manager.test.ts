import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SkillManager, type SkillSource } from '../../src/index.ts';
import { temporaryWorkspace } from '../sandbox/helpers.ts';
import { skillText, writeFiles, writeSkills } from '../support/skills.ts';

async function namesOf(source: SkillSource): Promise<string[]> {
  return (await source.listSkills()).map(({ name }) => name);
}

describe('a manager', () => {
  test('finds the folders with a SKILL.md, and sorts them by name', async () => {
    const root = await temporaryWorkspace();
    await writeSkills(root, 'docx', 'b', 'a');
    await writeFiles(root, {
      'notes/README.md': '',
      'SKILL.md': skillText('root'),
      'deep/down/SKILL.md': skillText('x'),
    });
    const manager = new SkillManager({ roots: [root] });
    expect(await manager.listSkills()).toEqual(
      ['a', 'b', 'docx'].map((name) => ({
        name,
        description: `Helps with ${name}.`,
        folder: join(root, name),
        frontMatter: { name, description: `Helps with ${name}.` },
      })),
    );
    expect(await manager.problems()).toEqual([]);
  });

  test('takes the name from the front matter, whatever the folder is called', async () => {
    const root = await temporaryWorkspace();
    await writeFiles(root, { 'pdf-v2/SKILL.md': skillText('pdf') });
    expect(await namesOf(new SkillManager({ roots: [root] }))).toEqual(['pdf']);
  });

  test('reports what is broken, and leaves it where it is', async () => {
    const root = await temporaryWorkspace();
    await writeSkills(root, 'good');
    await writeFiles(root, {
      'bare/SKILL.md': '# No front matter',
      'code/SKILL.md': '---\nname: !!js/function "x"\n---\n',
    });
    await mkdir(join(root, 'odd/SKILL.md'), { recursive: true });
    const manager = new SkillManager({ roots: [root, join(root, 'none')] });
    expect(await namesOf(manager)).toEqual(['good']);
    const problems = await manager.problems();
    expect(problems.map(({ path }) => path)).toEqual([
      join(root, 'bare/SKILL.md'),
      join(root, 'code/SKILL.md'),
      join(root, 'odd/SKILL.md'),
      join(root, 'none'),
    ]);
    expect(problems[0]?.reason).toContain('SKILL.md has no front matter');
    expect(problems[1]?.reason).toContain('Unresolved tag');
    expect(problems[2]?.reason).toBe('SKILL.md is no file.');
    expect(problems[3]?.reason).toBe('The folder cannot be read (ENOENT).');
    await writeSkills(root, 'bare');
    expect(await namesOf(manager)).toEqual(['bare', 'good']);
  });

  test('follows no links', async () => {
    const root = await temporaryWorkspace();
    const elsewhere = await temporaryWorkspace();
    await writeSkills(elsewhere, 'linked');
    await symlink(join(elsewhere, 'linked'), join(root, 'linked'));
    await symlink('/etc', join(root, 'etc'));
    await mkdir(join(root, 'passwd'));
    await symlink('/etc/passwd', join(root, 'passwd/SKILL.md'));
    const manager = new SkillManager({ roots: [root] });
    expect(await namesOf(manager)).toEqual([]);
    expect(await manager.problems()).toEqual([
      { path: join(root, 'linked'), reason: 'The folder is a link.' },
      { path: join(root, 'passwd/SKILL.md'), reason: 'SKILL.md is a link.' },
    ]);
  });

  test('takes the first of two skills of one name, and reports the other', async () => {
    const [first, second] = [await temporaryWorkspace(), await temporaryWorkspace()];
    await writeSkills(first, 'pdf');
    await writeFiles(second, { 'pdf/SKILL.md': skillText('pdf', { description: 'Other.' }) });
    const manager = new SkillManager({ roots: [first, second, first] });
    expect(await manager.listSkills()).toMatchObject([{ name: 'pdf', folder: join(first, 'pdf') }]);
    expect(await manager.problems()).toEqual([
      { path: join(second, 'pdf'), reason: `There is a skill "pdf" already, in ${join(first, 'pdf')}.` },
    ]);
  });

  test.each([[undefined], ['./skills'], [[1]], [['']]])('refuses roots that are %j', (roots) => {
    expect(() => new SkillManager({ roots: roots as never })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option: 'roots' }) }),
    );
  });
});

describe('changes on disk', () => {
  test('are seen the next time: skills that come, change, break and go', async () => {
    const root = await temporaryWorkspace();
    const manager = new SkillManager({ roots: [root] });
    expect(await namesOf(manager)).toEqual([]);
    await writeSkills(root, 'a', 'b');
    expect(await namesOf(manager)).toEqual(['a', 'b']);
    await writeFile(join(root, 'a/SKILL.md'), skillText('c'));
    expect(await namesOf(manager)).toEqual(['b', 'c']);
    await writeFile(join(root, 'a/SKILL.md'), 'broken');
    await rename(join(root, 'b'), join(root, 'd'));
    expect(await manager.listSkills()).toMatchObject([{ name: 'b', folder: join(root, 'd') }]);
    await rm(join(root, 'd'), { recursive: true });
    expect(await namesOf(manager)).toEqual([]);
  });

  test('are seen where size and time are the same', async () => {
    const root = await temporaryWorkspace();
    const manager = new SkillManager({ roots: [root] });
    const file = join(root, 'x/SKILL.md');
    for (const name of ['a', 'b', 'c', 'd']) {
      await writeFiles(root, { 'x/SKILL.md': skillText(name) });
      await utimes(file, 1, 1);
      expect(await namesOf(manager)).toEqual([name]);
    }
  });

  test('aside, nothing is read again', async () => {
    const root = await temporaryWorkspace();
    await writeSkills(root, 'a');
    const manager = new SkillManager({ roots: [root] });
    await expect.poll(async () => (await manager.listSkills())[0] === (await manager.listSkills())[0]).toBe(true);
  });
});
