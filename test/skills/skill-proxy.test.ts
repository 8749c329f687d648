import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SkillManager, SkillProxy } from '../../src/index.ts';
import { temporaryWorkspace } from '../sandbox/helpers.ts';
import { writeFiles, writeSkills } from '../support/skills.ts';

async function threeSkills() {
  const root = await temporaryWorkspace();
  await writeSkills(root, 'a', 'b', 'c');
  return { root, manager: new SkillManager({ roots: [root] }) };
}

test('a proxy has the skills that are named, and a proxy of it no more', async () => {
  const { manager } = await threeSkills();
  const proxy = new SkillProxy(manager, { allow: ['c', ' a '] });
  expect(await proxy.listSkills()).toMatchObject([{ name: 'a' }, { name: 'c' }]);
  expect(await new SkillProxy(proxy, { allow: ['c'] }).listSkills()).toMatchObject([{ name: 'c' }]);
  expect(await new SkillProxy(proxy, { allow: [] }).listSkills()).toEqual([]);
  const more = new SkillProxy(proxy, { allow: ['b'] });
  await expect(more.listSkills()).rejects.toMatchObject({ code: 'invalid-argument', facts: { option: 'allow' } });
});

test('a skill that is named must be there', async () => {
  const { root, manager } = await threeSkills();
  const proxy = new SkillProxy(manager, { allow: ['a'] });
  await rm(join(root, 'a'), { recursive: true });
  await expect(proxy.listSkills()).rejects.toThrow(
    'There is no skill "a" to allow, or it is broken. Known skills: b, c.',
  );
  await writeSkills(root, 'a');
  expect(await proxy.listSkills()).toMatchObject([{ name: 'a' }]);
});

test('a proxy tells of the problems of its manager', async () => {
  const { root, manager } = await threeSkills();
  await writeFiles(root, { 'd/SKILL.md': 'broken' });
  expect(await new SkillProxy(manager, { allow: ['a'] }).problems()).toMatchObject([
    { path: join(root, 'd/SKILL.md') },
  ]);
});

test.each([[undefined], ['a'], [[1]]])('a proxy refuses %j for a list', async (allow) => {
  const { manager } = await threeSkills();
  expect(() => new SkillProxy(manager, { allow: allow as never })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option: 'allow' }) }),
  );
});
