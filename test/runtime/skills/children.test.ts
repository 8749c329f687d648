import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CustomSubAgent } from '../../../src/index.ts';
import { record, scriptedTeam, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { skillText } from '../../support/skills.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { greeting, loadSkill, resultsOf, shell, skillOptions, systemOf } from './support.ts';

const skills = { ...greeting, 'zip/SKILL.md': skillText('zip') };

const delegate = (agent_id: string, content = 'Greet Ada.') =>
  call('sys_delegate_task', { tasks: [{ agent_id, task_name: 'Greeting', content }] });

/** A run that delegates to one child. */
async function runWithChild(child: Partial<CustomSubAgent>, answers: readonly ScriptedAnswer[], task?: string) {
  const house = await createHouse();
  const { options } = await skillOptions(house, skills);
  const model = scriptedTeam({ 'You greet.': answers, 'Be brief.': [delegate('greeter', task), 'Done.'] });
  const customSubAgents = [{ name: 'greeter', system_prompt: 'You greet.', ...child }];
  const { outcome } = await record(house.run(model, { ...options, agentMode: 'fibre', customSubAgents }));
  expect(outcome).toMatchObject({ reason: 'done' });
  return { house, model: model.members['You greet.'], [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

test('a child has the skills of its parent, each with its files in its own folder', async () => {
  await using story = await runWithChild({}, [
    loadSkill('greet'),
    shell('skills/greet/scripts/greet.sh Ada; ls ../../../skills'),
    'Done.',
  ]);
  const { model, house } = story;
  expect(systemOf(model)).toContain('- greet: Greets people.\n- zip: Helps with zip.');
  expect(resultsOf(model)[1]).toMatch(/Hello Ada from .*No such file/s);
  expect(await readdir(house.workspace)).toEqual(['sub_agents']);
  const [session = ''] = await readdir(join(house.workspace, 'sub_agents/greeter'));
  expect(await readdir(join(house.workspace, 'sub_agents/greeter', session, 'skills'))).toEqual(['greet']);
});

test('available_skills narrows them', async () => {
  await using story = await runWithChild({ available_skills: ['zip'] }, [loadSkill('greet'), 'Done.']);
  expect(systemOf(story.model)).toContain('- zip: Helps with zip.');
  expect(systemOf(story.model)).not.toContain('greet:');
  expect(resultsOf(story.model)[0]).toContain('There are: zip.');
});

test('none at all is none', async () => {
  await using story = await runWithChild({ available_skills: [] }, ['Done.']);
  expect(systemOf(story.model)).not.toContain('skills');
  expect(JSON.stringify(story.model.requests[0]?.tools)).not.toContain('load_skill');
});

test('a task names skills as a user does', async () => {
  await using story = await runWithChild({}, ['Done.'], 'With <skill>greet</skill>, greet Ada.');
  expect(JSON.stringify(story.model.requests[0]?.messages.at(-1))).toContain('Skill \\"greet\\" is loaded.');
});

test('no child gets more than its parent has, however deep, and one that was spawned has what its parent has', async () => {
  await using house = await createHouse();
  const { options } = await skillOptions(house, skills);
  const spawn = call('sys_spawn_agent', { name: 'third', description: 'Helps.', system_prompt: 'You are third.' });
  const model = scriptedTeam({
    'You are first.': [spawn, delegate('second'), delegate('third'), 'Done.'],
    'You are second.': ['Done.'],
    'You are third.': ['Done.'],
    'Be brief.': [delegate('first'), 'Done.'],
  });
  const customSubAgents: readonly CustomSubAgent[] = [
    { name: 'first', system_prompt: 'You are first.', agent_mode: 'fibre', available_skills: ['zip'] },
    { name: 'second', system_prompt: 'You are second.', available_skills: ['greet'] },
  ];
  await record(house.run(model, { ...options, agentMode: 'fibre', customSubAgents }));
  expect(systemOf(model.members['You are second.'])).not.toContain('skills');
  expect(systemOf(model.members['You are third.'])).toContain('- zip: Helps with zip.');
  expect(systemOf(model.members['You are third.'])).not.toContain('greet');
});

test('a child that is used again finds the files of its skills, also where they are gone', async () => {
  await using house = await createHouse();
  const { options } = await skillOptions(house, skills);
  const again = ({ messages }: { readonly messages: readonly { readonly content?: unknown }[] }) => {
    const [, session_id = ''] = /"session_id":"([^"]+)"/.exec(String(messages.at(-1)?.content)) ?? [];
    return call('sys_delegate_task', {
      tasks: [{ agent_id: 'greeter', task_name: 'Again', content: 'Greet Bob.', session_id }],
    });
  };
  const greet = shell('skills/greet/scripts/greet.sh Bob');
  const model = scriptedTeam({
    'You greet.': [loadSkill('greet'), shell('rm -r skills'), 'Hello Ada.', greet, 'Hello Bob.'],
    'Be brief.': [delegate('greeter'), again, 'Done.'],
  });
  const customSubAgents = [{ name: 'greeter', system_prompt: 'You greet.' }];
  await record(house.run(model, { ...options, agentMode: 'fibre', customSubAgents }));
  expect(resultsOf(model.members['You greet.']).at(-1)).toContain('Hello Bob');
});
