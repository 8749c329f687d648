import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defineTool, SkillProxy, ToolManager, type RunOptions, type SkillSource } from '../../../src/index.ts';
import { record, scriptedModel, type ScriptedModel } from '../../../src/testing/index.ts';
import { brokenPrefixes } from '../../support/guidance.ts';
import { readSession } from '../../support/journal.ts';
import { skillText, writeFiles, writeSkills } from '../../support/skills.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';
import { loadSkill, skillOptions, systemOf } from './support.ts';

function offered({ requests }: ScriptedModel, place = 0): string[] {
  return ((requests[place]?.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
}

/** How often a manager is asked. */
function counting(source: SkillSource): SkillSource & { readonly times: number } {
  let times = 0;
  return {
    listSkills: async () => {
      times += 1;
      return await source.listSkills();
    },
    problems: () => source.problems(),
    get times() {
      return times;
    },
  };
}

describe('a run with skills', () => {
  test('tells the model their names and descriptions, offers load_skill, and costs no more than one without', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    await writeSkills(root, 'zip', 'archive');
    const skillManager = counting(options.skillManager);
    const model = scriptedModel(['Hi.']);
    await record(house.run(model, { ...options, skillManager, toolManager: managerOf(echoTool()) }));
    model.assertSpent();
    expect(systemOf(model)).toMatch(
      /^Be brief\.\n\nThere are skills: .*\n- archive: Helps with archive\.\n- greet: Greets people\.\n- zip: Helps with zip\.$/s,
    );
    expect(systemOf(model)).not.toContain(root);
    expect(systemOf(model)).not.toContain('scripts');
    expect(offered(model)).toEqual(['echo', 'load_skill']);
    expect(skillManager.times).toBe(1);
    // No sandbox was opened.
    await expect(readdir(house.workspace)).rejects.toMatchObject({ code: 'ENOENT' });
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'state')).toEqual([]);
  });

  test('that has none offers nothing', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house, {});
    for (const skillManager of [options.skillManager, null, undefined]) {
      const model = scriptedModel(['Hi.']);
      const { toolManager: _none, ...rest } = options;
      await record(house.run(model, { ...rest, skillManager } as Partial<RunOptions>));
      expect([systemOf(model), offered(model)]).toEqual(['Be brief.', []]);
    }
  });

  test('offers what a proxy lets through', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    await writeSkills(root, 'zip');
    const skillManager = new SkillProxy(options.skillManager, { allow: ['zip'] });
    const model = scriptedModel([loadSkill('greet'), 'No.']);
    const { messages } = await record(house.run(model, { ...options, skillManager }));
    expect(systemOf(model)).not.toContain('greet');
    expect(messages.find(({ role }) => role === 'tool')?.content).toContain('There are: zip.');
  });

  test('offers load_skill also where tools are chosen among many', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const tools = Array.from({ length: 20 }, (_, place) =>
      defineTool({ name: `tool_${place}`, description: `Does ${place}.`, execute: () => '' }),
    );
    const model = scriptedModel(['Hi.']);
    await record(house.run(model, { ...options, toolManager: new ToolManager({ tools }) }));
    expect(offered(model)).toContain('load_skill');
    expect(offered(model)).toHaveLength(17);
  });

  test('is told of changes on disk by the next run, and a change is a change of the prefix', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    const change = async () => {
      await writeFiles(root, { 'greet/SKILL.md': skillText('greet', { description: 'Changed.' }) });
      await writeSkills(root, 'added');
      return 'Hm.';
    };
    const model = scriptedModel([
      async () => ({ ...loadSkill('greet'), text: await change() }),
      'First.',
      'Second.',
      'Third.',
    ]);
    for (const _ of [1, 2, 3]) await record(house.run(model, options));
    expect(systemOf(model, 1)).toBe(systemOf(model, 0));
    expect(systemOf(model, 2)).toContain('- added: Helps with added.\n- greet: Changed.');
    expect(systemOf(model, 3)).toBe(systemOf(model, 2));
    expect(brokenPrefixes(model.requests)).toEqual([2]);
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'prefix_changed')).toEqual([
      { type: 'prefix_changed', cause: 'system' },
    ]);
  });
});

describe('what is wrong with skills is refused', () => {
  test.each<[string, Partial<RunOptions>]>([
    ['skillManager', { skillManager: {} as SkillSource }],
    ['skillManager', { skillManager: './skills' as unknown as SkillSource }],
    ['customSubAgents[0].available_skills', { customSubAgents: [{ name: 'a', available_skills: ['greet'] }] }],
    ['customSubAgents[0].available_skills', { customSubAgents: [{ name: 'a', available_skills: [1] as never }] }],
  ])('at once: %s', async (option, given) => {
    await using house = await createHouse();
    const start = () => house.run(scriptedModel([]), { agentMode: 'fibre', ...given });
    expect(start).toThrow(
      expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option }) }),
    );
  });

  test('at once: a tool of the host’s of that name', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house, {});
    const toolManager = managerOf(defineTool({ name: 'load_skill', description: 'Mine.', execute: () => '' }));
    expect(() => house.run(scriptedModel([]), { ...options, toolManager })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option: 'toolManager' }) }),
    );
    const { skillManager: _none, ...without } = options;
    expect((await record(house.run(scriptedModel(['Hi.']), { ...without, toolManager }))).outcome.reason).toBe('done');
  });

  test('at the first next(), before anything is written: skills that are named and not there', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    const customSubAgents = [{ name: 'a', available_skills: ['greet', 'dance'] }];
    const run = house.run(scriptedModel([]), { ...options, agentMode: 'fibre', customSubAgents });
    await expect(run.next()).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'customSubAgents[0].available_skills cannot be "dance". Allowed: these skills: greet.',
    });
    const skillManager = new SkillProxy(options.skillManager, { allow: ['greet'] });
    await rm(join(root, 'greet'), { recursive: true });
    await expect(house.run(scriptedModel([]), { ...options, skillManager }).next()).rejects.toMatchObject({
      code: 'invalid-argument',
      facts: { option: 'allow' },
    });
    await expect(readdir(house.root)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('at the first next(): a sandbox that could never be had', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const { toolManager: _none, ...rest } = options;
    const sandboxOptions = { requireLimits: 'hard' } as const;
    const run = house.run(scriptedModel([]), { ...rest, sandboxType: 'remote', sandboxOptions });
    await expect(run.next()).rejects.toMatchObject({ code: 'sandbox-unavailable' });
  });
});
