import { describe, expect, test } from 'vitest';
import { defineTool, ToolManager } from '../../../src/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
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

const asking = (content: string) => [{ role: 'user', content }] as const;
const names = (...chosen: string[]) => JSON.stringify({ names: chosen });

describe('many tools', () => {
  test('are chosen among: those whose words fit, and of them what the fast model says', async () => {
    await using house = await createHouse();
    const chosen = names('find_weather', 'find_hotel', 'launch_rocket');
    const model = scriptedModel([chosen, call('find_weather'), 'It is fine.']);
    const { outcome } = await record(
      house.run(model, {
        toolManager: manyTools(),
        modelConfig: { model: 'large', fast: 'small' },
        inputMessages: asking('How is the weather, and is there a hotel?'),
        sessionId: 's',
      }),
    );
    model.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 3 } });
    expect(model.requests.map((request) => request.model)).toEqual(['small', 'large', 'large']);
    const [question = ''] = texts(conversations(model)[0]);
    expect(question).toContain('- find_weather: Can find one weather.\n');
    expect(question).not.toContain('music');
    for (const request of model.requests.slice(1)) {
      expect(offered(request)).toEqual(['find_hotel', 'find_weather', 'tool_expand_tools']);
    }
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'prefix_changed')).toEqual([
      { type: 'prefix_changed', cause: 'tools' },
    ]);
  });

  test('are taken as their words fit where the model makes no sense', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hm.', 'Hm.', 'Fine.']);
    await record(house.run(model, { toolManager: manyTools(), inputMessages: asking('The weather in the photo?') }));
    expect(offered(model.requests[2] as ChatRequest)).toEqual([
      'change_photo',
      'change_weather',
      'find_photo',
      'find_weather',
      'tool_expand_tools',
    ]);
  });

  test('cost no model call where no words of theirs are in the message', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hello!']);
    await record(house.run(model, { toolManager: manyTools() }));
    model.assertSpent();
    expect(offered(model.requests[0] as ChatRequest)).toHaveLength(16);
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
      house.run(model, { toolManager, inputMessages: asking('The weather?'), sessionId: 's' }),
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
      ...round('Look at the weather', 'continue', [names('find_weather')]),
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
