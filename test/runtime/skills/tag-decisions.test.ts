import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textOf, type Hooks, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { always, readAsked } from '../../support/asking.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { askedFor, judgement, multi, observation, plan } from '../multi/support.ts';
import { greeting, loadSkill, resultsOf, saying, shell, skillOptions } from './support.ts';

const naming = saying('<skill>greet</skill> Say hello to Ada.');

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** A run whose user names a skill: what the model is told of that, and whether its files are there. */
async function named(more: Partial<RunOptions>, answers: readonly ScriptedAnswer[] = ['Done.']) {
  await using house = await createHouse();
  return await say(house, more, answers);
}

async function say(house: TestHouse, more: Partial<RunOptions>, answers: readonly ScriptedAnswer[] = ['Done.']) {
  const { options } = await skillOptions(house);
  const model = scriptedModel(answers);
  const { outcome } = await record(house.run(model, { ...options, ...naming, ...more }));
  const { messages } = await readSession(house.root, 's');
  const isLoaded = await isThere(join(house.workspace, 'skills'));
  const guides = messages.filter(({ message_type }) => message_type === 'guide').map(textOf);
  return { outcome, model, guides, isLoaded };
}

describe('a skill that a user names is decided on as a call of load_skill', () => {
  test.each<[string, RunOptions['permissions'] & object, string]>([
    ['a deny', { mode: 'full-access', denies: [{ tool: 'load_skill' }] }, 'permissions.denies[0] refuses this call'],
    [
      'a rule',
      { rules: [{ tool: 'load_skill', args: { skill_name: '^greet$' }, action: 'deny' }] },
      'rules[0] refuses',
    ],
    ['read-only', { mode: 'read-only' }, 'mode read-only runs only tools without effects'],
    ['plan', { mode: 'plan' }, 'mode plan runs only tools without effects'],
  ])('%s refuses it, and the model is told in its place', async (_, permissions, why) => {
    const { outcome, guides, isLoaded, model } = await named({ permissions });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(guides).toEqual([expect.stringMatching(/^The user has named skills\.\n\nSkill "greet" was not loaded\. /)]);
    expect(guides[0]).toContain(why);
    expect(texts(conversations(model)[0])[1]).toBe(guides[0]);
    expect(isLoaded).toBe(false);
  });

  test('a rule allows it in read-only', async () => {
    const rules = [{ tool: 'load_skill', action: 'allow' }] as const;
    const { guides, isLoaded } = await named({ permissions: { mode: 'read-only', rules } });
    expect(guides[0]).toContain('Skill "greet" is loaded.');
    expect(isLoaded).toBe(true);
  });

  test('what a person is to be asked about is for the model to call', async () => {
    const rules = [{ tool: 'load_skill', action: 'ask' }] as const;
    const { guides, isLoaded } = await named({ permissions: { rules }, whenApprovalNeeded: 'wait' });
    expect(guides[0]).toContain('was not loaded. permissions.rules[0] asks before this call of tool "load_skill".');
    expect(guides[0]).toContain('Nobody is asked about a tag: call load_skill.');
    expect(isLoaded).toBe(false);
  });

  test('and what a person has allowed for the session is loaded', async () => {
    await using house = await createHouse();
    const more = {
      permissions: { rules: [{ tool: 'load_skill', action: 'ask' }] },
      whenApprovalNeeded: 'wait',
    } as const;
    const { options } = await skillOptions(house);
    const run = house.run(scriptedModel([loadSkill('greet'), 'Done.']), { ...options, ...more });
    await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, always));
    expect((await say(house, more)).guides).toEqual([expect.stringContaining('Skill "greet" is loaded.')]);
  });
});

describe('a skill that a task names', () => {
  const delegate = call('sys_delegate_task', {
    tasks: [{ agent_id: 'greeter', task_name: 'Greeting', content: '<skill>greet</skill> Greet Ada.' }],
  });

  test('is refused the child as it is refused its parent', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const permissions = { mode: 'read-only', denies: [{ tool: 'load_skill' }] } as const;
    const model = scriptedTeam({ 'You greet.': ['I cannot.'], 'Be brief.': [loadSkill('greet'), delegate, 'Done.'] });
    const customSubAgents = [{ name: 'greeter', system_prompt: 'You greet.' }];
    await record(house.run(model, { ...options, permissions, agentMode: 'fibre', customSubAgents }));
    expect(resultsOf(model.members['Be brief.'])[0]).toContain('PERMISSION_DENIED');
    const told = JSON.stringify(model.members['You greet.'].requests[0]?.messages);
    expect(told).toContain('was not loaded. Tool \\"load_skill\\" was not run. permissions.denies[0]');
    expect(told).not.toContain('scripts/greet.sh');
    expect(await isThere(house.workspace)).toBe(false);
  });
});

describe('hooks see a skill that is named', () => {
  const script = greeting['greet/SKILL.md'].split('\n').at(-2) ?? '';

  test('beforeTool as a call that it may refuse', async () => {
    const seen: unknown[] = [];
    const beforeTool: Hooks['beforeTool'] = (one) => {
      seen.push(one);
      return { action: 'deny', reason: 'Not today.' };
    };
    const { guides, isLoaded } = await named({
      hooks: { beforeTool },
      inputMessages: [{ role: 'user', content: '<skill>dance</skill> <skill>greet</skill>', message_id: 'm' }],
    });
    const args = { skill_name: 'greet' };
    expect(seen).toEqual([{ tool: 'load_skill', effect: 'idempotent', args, callKey: 'm-1' }]);
    expect(guides).toEqual([
      'The user has named skills.\n\nThere is no skill "dance". There are: greet.\n\n' +
        'Skill "greet" was not loaded. Tool "load_skill" was not run. Not today.',
    ]);
    expect(isLoaded).toBe(false);
  });

  test('afterTool before the model does', async () => {
    const afterTool: Hooks['afterTool'] = ({ tool, content }) => ({
      content: `${tool}: ${content.replace(script, '')}`,
    });
    const { guides, model } = await named({ hooks: { afterTool } });
    expect(guides[0]).toContain('load_skill: Skill "greet" is loaded.');
    expect(JSON.stringify(model.requests)).not.toContain(script);
  });

  test('onUserMessage before it is decided on: a message that is stopped loads nothing', async () => {
    const beforeTool: Hooks['beforeTool'] = () => expect.unreachable();
    const onUserMessage: Hooks['onUserMessage'] = () => ({ action: 'stop', reason: 'No.' });
    const { outcome, guides, isLoaded } = await named({ hooks: { onUserMessage, beforeTool } });
    expect(outcome).toMatchObject({ reason: 'hook-stopped', note: 'No.' });
    expect(guides).toEqual([]);
    expect(isLoaded).toBe(false);
  });

  test('also in guidance, which comes first, with what the hook says of it', async () => {
    await using house = await createHouse();
    const order: string[] = [];
    const hooks: Hooks = {
      onUserMessage: (message) => {
        order.push(textOf(message));
        return { context: 'Noon.' };
      },
      beforeTool: ({ tool }) => void order.push(tool),
    };
    const inject = async () => {
      await house.agent.injectUserMessage('s', 'Rather <skill>greet</skill>');
      return 'First.';
    };
    const { model } = await say(house, { hooks, ...saying('Hi') }, [inject, 'Second.']);
    expect(order).toEqual(['Hi', 'Rather <skill>greet</skill>', 'load_skill']);
    const [, , , guidance, context, guide] = texts(conversations(model)[1]);
    expect([guidance, context]).toEqual(['Rather <skill>greet</skill>', 'Noon.']);
    expect(guide).toContain('Skill "greet" is loaded.');
  });

  test('also in guidance that a helper takes, which is asked behind it', async () => {
    await using house = await createHouse();
    const hooks: Hooks = { onUserMessage: (message) => ({ context: `Heard: ${textOf(message)}` }) };
    const inject = async () => {
      await house.agent.injectUserMessage('s', 'Rather <skill>greet</skill>');
      return 'Hi.';
    };
    const answers = [plan('Greet'), inject, observation('Greeted'), judgement('completed'), 'Done.'];
    const { model } = await say(house, { ...multi, hooks, ...saying('Greet') }, answers);
    const observing = model.requests.find((request) => askedFor(request) === 'observation');
    const told = observing?.messages.map(({ content }) => String(content)) ?? [];
    const [guidance, context, guide] = told.slice(told.indexOf('Rather <skill>greet</skill>'));
    expect([guidance, context]).toEqual(['Rather <skill>greet</skill>', 'Heard: Rather <skill>greet</skill>']);
    expect(guide).toContain('Skill "greet" is loaded.');
  });

  test('also in guidance that comes while a hook is asked', async () => {
    await using house = await createHouse();
    let isTold = false;
    const beforeModel: Hooks['beforeModel'] = async () => {
      if (isTold) return;
      isTold = true;
      await house.agent.injectUserMessage('s', 'Rather <skill>greet</skill>');
    };
    const answers = [shell('skills/greet/scripts/greet.sh Ada'), 'Done.'];
    const { model } = await say(house, { hooks: { beforeModel }, ...saying('Hi') }, answers);
    expect(resultsOf(model)[0]).toContain('Hello Ada');
  });

  test('and a run that is stopped meanwhile loads nothing', async () => {
    const controller = new AbortController();
    const deaf: Hooks['beforeTool'] = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    const { outcome, guides, isLoaded } = await named({ hooks: { beforeTool: deaf }, signal: controller.signal });
    expect(outcome).toMatchObject({ reason: 'aborted', phase: 'tools' });
    expect([guides, isLoaded]).toEqual([[], false]);
  });
});

test('a model call behind a skill that guidance has named is of the phase of models', async () => {
  await using house = await createHouse();
  const controller = new AbortController();
  const inject = async () => {
    await house.agent.injectUserMessage('s', 'Rather <skill>greet</skill>');
    return 'First.';
  };
  const stop = () => {
    controller.abort();
    return 'never';
  };
  const { outcome } = await say(house, { ...saying('Hi'), signal: controller.signal }, [inject, stop]);
  expect(outcome).toMatchObject({ reason: 'aborted', phase: 'model' });
});
