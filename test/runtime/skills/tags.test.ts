import { access, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defineAgent, textOf, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { brokenPrefixes, conversations, texts } from '../../support/guidance.ts';
import { crashAfter, expectAtRest, readSession } from '../../support/journal.ts';
import { skillText } from '../../support/skills.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { judgement, multi, observation, plan } from '../multi/support.ts';
import { greeting, loadSkill, resultsOf, saying, shell, skillOptions } from './support.ts';

const naming = saying('<skill>greet</skill> Say hello to Ada.');
const isGuide = ({ message_type }: { readonly message_type: string }) => message_type === 'guide';

const two = { ...greeting, 'data tools/SKILL.md': skillText('data tools') };

/** How often the model has been told of skills that were named. */
async function countGuides(house: TestHouse): Promise<number> {
  return (await readSession(house.root, 's')).messages.filter(isGuide).length;
}

describe('<skill> in a user message', () => {
  test('loads it before the first model call, without one of its own and without the reader seeing it', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const model = scriptedModel([shell('skills/greet/scripts/greet.sh Ada'), 'Done.']);
    const { outcome, chunks } = await record(house.run(model, { ...options, ...naming }));
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 2 } });
    const [said, guide] = texts(conversations(model)[0]);
    expect(said).toBe('<skill>greet</skill> Say hello to Ada.');
    expect(guide).toMatch(
      /^The user has named skills\.\n\nSkill "greet" is loaded\. .*Run `scripts\/greet\.sh NAME`\.\n$/s,
    );
    expect(resultsOf(model)[0]).toContain('Hello Ada');
    expect(chunks.some(isGuide)).toBe(false);
    expect(brokenPrefixes(model.requests)).toEqual([]);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('may stand anywhere, in parts too, and name several, each once', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house, two);
    const content = [
      { type: 'text', text: 'With <skill> data tools </skill> and' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'text', text: '<SKILL>greet</SKILL>, yes, <skill>greet</skill>' },
    ] as const;
    const model = scriptedModel(['Done.']);
    await record(house.run(model, { ...options, inputMessages: [{ role: 'user', content }] }));
    const guide = texts(conversations(model)[0])[1] ?? '';
    expect(guide.match(/Skill ".*?" is loaded/g)).toEqual(['Skill "data tools" is loaded', 'Skill "greet" is loaded']);
  });

  test('that names what is not there is answered to the model, and opens no sandbox', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const model = scriptedModel(['There is none.']);
    const run = house.run(model, { ...options, ...saying('<skill>dance</skill> Dance.') });
    expect((await record(run)).outcome).toMatchObject({ reason: 'done' });
    expect(texts(conversations(model)[0])[1]).toContain('There is no skill "dance". There are: greet.');
    await expect(access(house.workspace)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that names a skill with a link to /etc: the model is told why it cannot be loaded', async () => {
    await using house = await createHouse();
    const { options, root } = await skillOptions(house);
    await symlink('/etc', join(root, 'greet/data'));
    const model = scriptedModel(['It cannot be loaded.']);
    await record(house.run(model, { ...options, ...naming }));
    expect(texts(conversations(model)[0])[1]).toContain('"data" in it is a link');
    expect(await readdir(house.workspace)).toEqual([]);
  });

  test('is text like any other where the run has no skills', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['What?']);
    await record(house.run(model, { sessionId: 's', ...naming }));
    expect(conversations(model)[0]).toHaveLength(1);
  });

  test('counts in the newest input only, and not in what tools and models say', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const history: RunOptions['inputMessages'] = [
      { role: 'user', content: '<skill>greet</skill> Hello' },
      { role: 'assistant', content: 'Use <skill>greet</skill>.' },
      { role: 'user', content: 'And now?' },
    ];
    const model = scriptedModel([shell('echo "<skill>greet</skill>"'), '<skill>greet</skill>', 'Done.']);
    await record(house.run(model, { ...options, inputMessages: history }));
    await record(house.run(model, { ...options, ...saying('Go on') }));
    expect(await countGuides(house)).toBe(0);
  });

  test('in a sandbox that cannot be opened ends the run as a tool would', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    // A workspace in what is no folder.
    const sandboxAgentWorkspace = join(import.meta.filename, 'workspace');
    const { outcome } = await record(house.run(scriptedModel([]), { ...options, ...naming, sandboxAgentWorkspace }));
    expect(outcome).toMatchObject({ status: 'failed', reason: 'sandbox-error', phase: 'tools' });
  });

  test('is not loaded by a run that was stopped before', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const signal = AbortSignal.abort();
    const { outcome } = await record(house.run(scriptedModel([]), { ...options, ...naming, signal }));
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted' });
    expect(await countGuides(house)).toBe(0);
    await expect(access(house.workspace)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is seen by the planner of multi, and by an agent of the host’s', async () => {
    await using house = await createHouse({
      agents: [
        defineAgent({
          key: 'teller',
          async *run({ add, messages }) {
            yield add({ role: 'assistant', content: `Heard ${messages.map(textOf).join(' | ')}` });
            return { type: 'done' };
          },
        }),
      ],
    });
    const { options } = await skillOptions(house);
    const model = scriptedModel([plan('Greet'), 'Hi.', observation('Greeted'), judgement('completed'), 'Done.']);
    await record(house.run(model, { ...options, ...multi, ...naming }));
    expect(texts(conversations(model)[0])[1]).toContain('Skill "greet" is loaded.');
    const customFlow = { name: 'f', description: '', root: { node_type: 'agent', agent_key: 'teller' } } as const;
    const { text } = await record(house.run(scriptedModel([]), { ...options, customFlow, sessionId: 't', ...naming }));
    expect(text).toContain('Skill "greet" is loaded.');
  });
});

describe('a skill that was named', () => {
  test('is loaded once, also when the run is continued after a crash', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    await record(house.run(scriptedModel(['Done.']), { ...options, ...naming }));
    await house.agent.close();
    crashAfter(house.root, 's', (entry) => entry.type === 'message' && isGuide(entry.message));
    const agent = house.restart();
    const model = scriptedModel(['Hello Ada']);
    await record(agent.runStream(house.options(model, { ...options, inputMessages: [] })));
    expect(conversations(model)[0]).toHaveLength(2);
    expect(await countGuides(house)).toBe(1);
  });

  test('is loaded by the continued run when the crash came before that', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    await record(house.run(scriptedModel(['Done.']), { ...options, ...naming }));
    await house.agent.close();
    crashAfter(house.root, 's', ({ type }) => type === 'run_started');
    const model = scriptedModel(['Hello Ada']);
    await record(house.restart().runStream(house.options(model, { ...options, inputMessages: [] })));
    expect(texts(conversations(model)[0])[1]).toContain('Skill "greet" is loaded.');
  });

  test('stays in the conversation of later runs, and its files come back', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const model = scriptedModel(['Ready.', shell('rm -r skills'), 'Gone.', shell('ls skills/greet'), 'Back.']);
    await record(house.run(model, { ...options, ...naming }));
    for (const said of ['Remove it', 'Look']) await record(house.run(model, { ...options, ...saying(said) }));
    expect(resultsOf(model).at(-1)).toContain('SKILL.md');
    expect(brokenPrefixes(model.requests)).toEqual([]);
    expect(await countGuides(house)).toBe(1);
  });

  test('in guidance is loaded before the model call that answers it', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const inject = async () => {
      await house.agent.injectUserMessage('s', 'Rather <skill>greet</skill>');
      return 'First.';
    };
    const model = scriptedModel([inject, 'Second.']);
    const { outcome } = await record(house.run(model, { ...options, ...saying('Hi') }));
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    const [, , guidance, guide] = texts(conversations(model)[1]);
    expect(guidance).toBe('Rather <skill>greet</skill>');
    expect(guide).toContain('Skill "greet" is loaded.');
    expect(await countGuides(house)).toBe(1);
  });

  test('and one the model loads are the same', async () => {
    await using house = await createHouse();
    const { options } = await skillOptions(house);
    const model = scriptedModel([loadSkill('greet'), 'Done.']);
    await record(house.run(model, { ...options, ...naming }));
    const guide = texts(conversations(model)[1])[1] ?? '';
    expect(guide).toBe(`The user has named skills.\n\n${resultsOf(model)[0]}`);
  });
});
