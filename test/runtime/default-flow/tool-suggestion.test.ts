import { describe, expect, test } from 'vitest';
import { builtinTools, defineTool, ToolManager } from '../../../src/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record, scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';
import { judgement, multi, observation, plan } from '../multi/support.ts';

const topics =
  'weather stock flight hotel train recipe invoice calendar email contact map translation currency music photo video news sport'.split(
    ' ',
  );

/** `find_<topic>` and `change_<topic>` of many topics. */
function manyTools(count = topics.length): ToolManager {
  const tools = topics.slice(0, count).flatMap((topic) =>
    (['find', 'change'] as const).map((verb) =>
      defineTool({
        name: `${verb}_${topic}`,
        description: `Can ${verb} one ${topic}. Slow.`,
        effect: 'none',
        execute: () => `${topic}: fine`,
      }),
    ),
  );
  return new ToolManager({ tools });
}

function offered({ tools = [] }: ChatRequest): string[] {
  return (tools as { function: { name: string } }[]).map((tool) => tool.function.name);
}

const greetings = [
  'Hello',
  'Hi, how are you?',
  'Thanks for the help!',
  'What can you do?',
  'Good morning, and thank you',
  '谢谢你的帮助！',
];

const described = (descriptions: readonly string[]) =>
  descriptions.map((description, i) => defineTool({ name: `more_${i}`, description, execute: () => 'ok' }));

/** A quarter of them fit every greeting, which is too few for the words to be common. */
const greeting = described(Array.from({ length: 80 }, (_, i) => (i % 4 === 0 ? greetings.join(' ') : 'Is quiet.')));

/** Those of the house, and a few that name the user as descriptions do. */
const speaking = [
  ...builtinTools(),
  ...described([
    'Searches the web for pages you name.',
    'Sends an email to the people you name.',
    'Reads the calendar.',
    'Books a room.',
  ]),
];

const asking = (content: string) => [{ role: 'user', content }] as const;
const names = (...chosen: string[]) => JSON.stringify({ names: chosen });

/** `find` is in the names of eighteen tools. */
const tooManyFit = 'Please find weather without rain near some hotel';

describe('many tools', () => {
  test('are chosen among by the fast model where too many fit', async () => {
    await using house = await createHouse();
    const chosen = names('find_weather', 'find_hotel', 'launch_rocket');
    const model = scriptedModel([chosen, call('find_weather'), 'It is fine.']);
    const { outcome } = await record(
      house.run(model, {
        toolManager: manyTools(),
        modelConfig: { model: 'large', fast: 'small' },
        inputMessages: asking(tooManyFit),
        sessionId: 's',
      }),
    );
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 3 } });
    expect(model.requests.map((request) => request.model)).toEqual(['small', 'large', 'large']);
    const [question = ''] = texts(conversations(model)[0]);
    expect(question).toContain('- find_weather: Can find one weather.\n');
    expect(question).not.toContain('change_music');
    for (const request of model.requests.slice(1)) {
      expect(offered(request)).toEqual(['find_hotel', 'find_weather', 'tool_expand_tools']);
    }
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'prefix_changed')).toEqual([
      { type: 'prefix_changed', cause: 'tools' },
    ]);
    expect(entries).toContainEqual({
      type: 'run_state',
      key: 'tool_suggestion',
      value: ['find_hotel', 'find_weather'],
    });
  });

  test.each([
    ['another language', 'Bitte zeige mir das Wetter und buche danach ein Zimmer'],
    ['a script without spaces', '查询天气并预订酒店'],
  ])('are shown to it all where none fits a task in %s', async (_, task) => {
    await using house = await createHouse();
    const model = scriptedModel([names('find_weather'), 'Fine.']);
    await record(house.run(model, { toolManager: manyTools(), inputMessages: asking(task) }));
    model.assertSpent();
    const [question = ''] = texts(conversations(model)[0]);
    expect(question.match(/^- /gm)).toHaveLength(36);
    expect(offered(model.requests[1] as ChatRequest)).toEqual(['find_weather', 'tool_expand_tools']);
  });

  test('are taken in the order of their words where the model makes no sense', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hm.', 'Hm.', 'Fine.']);
    const inputMessages = asking('Please find video with some sport without music');
    await record(house.run(model, { toolManager: manyTools(), inputMessages }));
    const last = offered(model.requests[2] as ChatRequest);
    expect(last).toHaveLength(16);
    expect(last).toEqual(expect.arrayContaining(['find_video', 'change_video', 'change_sport', 'change_music']));
  });

  test('are taken by their words where those decide, and filled up to fifteen', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Fine.']);
    const inputMessages = asking('Show me tomorrow weather and then that video again');
    await record(house.run(model, { toolManager: manyTools(), inputMessages }));
    model.assertSpent();
    const [request] = model.requests;
    expect(offered(request as ChatRequest)).toHaveLength(16);
    expect(offered(request as ChatRequest)).toEqual(
      expect.arrayContaining(['change_video', 'change_weather', 'find_video', 'find_weather']),
    );
  });

  test.each([
    ['simple', 'of many topics', manyTools()],
    ['simple', 'that speak to the user', new ToolManager({ tools: speaking })],
    ['simple', 'that speak of greetings', new ToolManager({ tools: greeting })],
    ['fibre', 'that speak of greetings', new ToolManager({ tools: greeting })],
  ] as const)('cost a greeting no model call: in %s, tools %s', async (agentMode, _, toolManager) => {
    for (const content of greetings) {
      await using house = await createHouse();
      const model = scriptedModel(['Hello!']);
      const { outcome } = await record(house.run(model, { agentMode, toolManager, inputMessages: asking(content) }));
      expect([content, outcome.usage.calls, outcome.reason]).toEqual([content, 1, 'done']);
    }
  });

  test('that were used come first in later turns, and then those that fit the turn before', async () => {
    await using house = await createHouse();
    const toolManager = manyTools();
    const say = async (content: string, ...answers: ScriptedAnswer[]) => {
      const model = scriptedModel(answers);
      await record(house.run(model, { toolManager, sessionId: 's', inputMessages: asking(content) }));
      model.assertSpent();
      return { asked: texts(conversations(model)[0]).at(-1), tools: offered(model.requests.at(-1) as ChatRequest) };
    };
    await say('The weather?', call('find_weather'), 'Fine. And a video?');
    await say('A video of the sport', 'Here it is.');
    const { tools: last } = await say('Yes, go on.', 'Fine.');
    expect(last).toHaveLength(16);
    expect(last).toEqual(expect.arrayContaining(['find_weather', 'find_video', 'change_sport']));
    expect(last).not.toContain('change_weather');
    const { asked, tools } = await say(tooManyFit, names('find_hotel'), 'Fine.');
    expect(asked).toContain(`${tooManyFit}\n\nSaid before it, the newest first:\nYes, go on.\n`);
    expect(tools).toEqual(['find_hotel', 'find_weather', 'tool_expand_tools']);
  });

  test('that were not chosen are reached by name and by words, and stay', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      names('find_weather'),
      call('tool_expand_tools', { query: 'play some music' }),
      call('tool_expand_tools', { names: ['find_news', 'find_nothing'] }),
      call('tool_expand_tools', { query: 'xylophone' }),
      call('find_news'),
      'Fine.',
    ]);
    const toolManager = manyTools();
    const { outcome } = await record(
      house.run(model, { toolManager, inputMessages: asking(tooManyFit), sessionId: 's' }),
    );
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(model.requests.slice(1).map((request) => offered(request).join(' '))).toEqual([
      'find_weather tool_expand_tools',
      'change_music find_music find_weather tool_expand_tools',
      'change_music find_music find_news find_weather tool_expand_tools',
      'change_music find_music find_news find_weather tool_expand_tools',
      'change_music find_music find_news find_weather tool_expand_tools',
    ]);
    expect(texts(conversations(model)[4]).at(-1)).toContain('No tool fits these words');
    expect(texts(conversations(model)[5]).at(-1)).toBe('news: fine');
    expectAtRest(await readSession(house.root, 's'));
  });

  test('are added to by later rounds of multi, and never taken away', async () => {
    await using house = await createHouse();
    const round = (step: string, verdict: 'continue' | 'completed', chosen: string[] = []) => [
      plan(step),
      ...chosen,
      'Did it.',
      observation('Done'),
      judgement(verdict),
    ];
    const model = scriptedModel([
      ...round(tooManyFit, 'continue', [names('find_weather')]),
      ...round('Send an email', 'completed'),
      'All done.',
    ]);
    await record(house.run(model, { ...multi, toolManager: manyTools() }));
    model.assertSpent();
    const acting = model.requests
      .filter(({ tools }) => tools !== undefined)
      .map((request) => offered(request).join(' '));
    expect(acting).toEqual([
      'find_weather tool_expand_tools',
      'change_email find_email find_weather tool_expand_tools',
    ]);
  });
});

test('fifteen tools are all offered, at no cost', async () => {
  await using house = await createHouse();
  const model = scriptedModel(['Fine.']);
  await record(house.run(model, { toolManager: manyTools(7), inputMessages: asking('The weather?') }));
  expect(offered(model.requests[0] as ChatRequest)).toHaveLength(14);
});
