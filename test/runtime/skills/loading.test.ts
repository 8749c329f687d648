import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SkillManager, type PermissionOptions, type RunOptions } from '../../../src/index.ts';
import { openLocalSandbox } from '../../../src/sandbox/local/local-sandbox.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { temporaryRoot } from '../../sandbox/local/helpers.ts';
import { Hosted, token } from '../../sandbox/remote/hosted.ts';
import { brokenPrefixes } from '../../support/guidance.ts';
import { callStatuses, crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { skillText, writeFiles } from '../../support/skills.ts';
import { createHouse } from '../../support/test-house.ts';
import { greeting, loadSkill, resultsOf, saying, shell, skillOptions } from './support.ts';

const greet = shell('skills/greet/scripts/greet.sh Ada');

describe('load_skill', () => {
  test.each(['passthrough', 'local'] as const)(
    'in %s gives the instructions, and a script that can be run',
    async (sandboxType) => {
      await using house = await createHouse();
      const { options } = await skillOptions(house);
      const workspace = join(await temporaryRoot(), 'workspace');
      const model = scriptedModel([loadSkill('greet'), greet, 'Done.']);
      const run = house.run(model, { ...options, sandboxType, sandboxAgentWorkspace: workspace });
      expect((await record(run)).outcome).toMatchObject({ reason: 'done' });
      const [loaded, ran = ''] = resultsOf(model);
      expect(loaded).toBe(
        `Skill "greet" is loaded. Its files are in skills/greet in your workspace; relative paths in it start there:
- scripts/greet.sh

Run \`scripts/greet.sh NAME\`.
`,
      );
      expect(JSON.parse(ran)).toMatchObject({ exit_code: 0, stdout: 'Hello Ada from workspace\n' });
      expect(brokenPrefixes(model.requests)).toEqual([]);
      expectAtRest(await readSession(house.root, 's'));
    },
  );

  test('refuses a skill with a link to /etc, and tells nothing of the host', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    await symlink('/etc', join(root, 'greet/data'));
    const model = scriptedModel([loadSkill('greet'), loadSkill('other'), 'No.']);
    await record(house.run(model, options));
    const results = resultsOf(model).join('\n');
    expect(results).toContain('\\"data\\" in it is a link, and only files and folders are copied.');
    expect(results).toContain('There is no skill \\"other\\". There are: greet.');
    expect(results).not.toContain(root);
    const session = await readSession(house.root, 's');
    expect(callStatuses(session)).toEqual(['error', 'error']);
    expect(await readdir(house.workspace)).toEqual([]);
  });

  test.each([
    ['has broken', '# Nothing', 'its SKILL.md has no front matter'],
    ['is gone', undefined, 'cannot be read (ENOENT)'],
  ])('refuses a skill that %s since the run began', async (_, text, reason) => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    const change = async () => {
      if (text === undefined) await rm(join(root, 'greet'), { recursive: true });
      else await writeFile(join(root, 'greet/SKILL.md'), text);
      return loadSkill('greet');
    };
    const model = scriptedModel([change, 'No.']);
    await record(house.run(model, options));
    expect(resultsOf(model)[0]).toContain(reason);
  });

  test('leaves what the agent has edited, and tells of it', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    const edit = shell('echo "echo mine" > skills/greet/scripts/greet.sh');
    const model = scriptedModel([loadSkill('greet'), edit, loadSkill('greet'), 'Done.']);
    await record(house.run(model, options));
    expect(resultsOf(model).at(-1)).toContain('Edited there since it was copied, and left so: scripts/greet.sh.');

    await writeFiles(root, { 'greet/SKILL.md': skillText('greet', { body: 'Newer.\n' }) });
    const later = scriptedModel([loadSkill('greet'), 'Done.']);
    await record(house.run(later, options));
    const told = resultsOf(later).at(-1) ?? '';
    const [, folder = ''] = /Its files are in (skills\/greet@\w{8}) /.exec(told) ?? [];
    expect(told).toMatch(/skills\/greet holds an edited or another version, and was left as it is\.\n\nNewer\.\n$/);
    expect(await readFile(join(house.workspace, folder, 'scripts/greet.sh'), 'utf8')).toContain('Hello');
    expect(await readFile(join(house.workspace, 'skills/greet/scripts/greet.sh'), 'utf8')).toBe('echo mine\n');
  });

  test('copies nothing where the skills are in the workspace itself', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const root = join(house.workspace, 'skills');
    await writeFiles(root, greeting);
    const model = scriptedModel([loadSkill('greet'), greet, 'Done.']);
    await record(house.run(model, { ...options, skillManager: new SkillManager({ roots: [root] }) }));
    expect(resultsOf(model)[1]).toContain('Hello Ada');
    expect((await readdir(join(root, 'greet'))).toSorted()).toEqual(['SKILL.md', 'scripts']);
  });
});

describe('a loaded skill survives', () => {
  test('in another agent: the conversation has it, and files that are gone come back when the sandbox opens', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    await record(house.run(scriptedModel([loadSkill('greet'), 'Loaded.']), options));
    await rm(house.workspace, { recursive: true });

    const quiet = scriptedModel(['Nothing to do.']);
    const restarted = house.restart();
    await record(restarted.runStream(house.options(quiet, { ...options, ...saying('Thanks') })));
    expect(JSON.stringify(quiet.requests[0]?.messages)).toContain('Run `scripts/greet.sh NAME`.');
    await expect(readdir(house.workspace)).rejects.toMatchObject({ code: 'ENOENT' });

    const model = scriptedModel([greet, 'Done.']);
    await record(restarted.runStream(house.options(model, { ...options, ...saying('Greet Ada') })));
    expect(resultsOf(model).at(-1)).toContain('Hello Ada');

    // Without the skill nothing is brought back, and nothing is said.
    for (const folder of [house.workspace, join(root, 'greet')]) await rm(folder, { recursive: true });
    const without = scriptedModel([greet, 'Hm.']);
    const { outcome } = await record(restarted.runStream(house.options(without, { ...options, ...saying('Again') })));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(resultsOf(without).at(-1)).toContain('not found');
  });

  test.each<[string, PermissionOptions]>([
    ['read-only', { mode: 'read-only' }],
    ['a deny', { denies: [{ tool: 'load_skill' }] }],
  ])('but its files do not come back where loading it would be refused: by %s', async (_, permissions) => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    await record(house.run(scriptedModel([loadSkill('greet'), 'Loaded.']), options));
    await rm(join(house.workspace, 'skills'), { recursive: true });
    const model = scriptedModel([shell('ls'), 'Nothing.']);
    await record(house.run(model, { ...options, permissions, ...saying('Look') }));
    expect(await readdir(house.workspace)).toEqual([]);
  });

  test('in a remote sandbox, which is new in each run', async () => {
    await using house = await createHouse();
    const served = join(await temporaryRoot(), 'served');
    await using server = await Hosted.start({
      root: served,
      workspacePath: '/sage-workspace',
      openSandbox: openLocalSandbox,
    });
    const { options } = await skillOptions(house);
    const remote = { domain: server.domain, protocol: 'http', apiKey: token } as const;
    const there: Partial<RunOptions> = {
      ...options,
      sandboxType: 'remote',
      sandboxAgentWorkspace: '/sage-workspace',
      sandboxOptions: { remote },
    };
    await record(house.run(scriptedModel([loadSkill('greet'), 'Loaded.']), there));
    const model = scriptedModel([greet, 'Done.']);
    await record(house.run(model, { ...there, ...saying('Greet Ada') }));
    expect(resultsOf(model).at(-1)).toContain('Hello Ada from sage-workspace');
  });

  test('a crash while it was loaded: the call is made again', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    await record(house.run(scriptedModel([loadSkill('greet'), 'Loaded.']), options));
    await house.agent.close();
    crashAfter(house.root, 's', ({ type }) => type === 'intents');
    const model = scriptedModel(['Loaded again.']);
    const { outcome } = await record(
      house.restart().runStream(house.options(model, { ...options, inputMessages: [] })),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(resultsOf(model)[0]).toContain('Skill "greet" is loaded.');
    expectAtRest(await readSession(house.root, 's'));
  });
});
