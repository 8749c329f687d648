import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/model/model.ts';
import { record } from '../../../src/testing/index.ts';
import { conversations, expectPaired, texts } from '../../support/guidance.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import {
  delegate,
  delegateTo,
  fibre,
  finish,
  resultsOf,
  sessionsIn,
  subAgents,
  teamOf,
  watch,
  type Team,
} from './team.ts';

const more = { ...fibre, customSubAgents: subAgents('Ann'), toolManager: managerOf(echoTool()) };

const sent = (team: Team, name: string) =>
  conversations({ requests: team.requestsOf(name) }).map((conversation) => {
    expectPaired(conversation);
    return texts(conversation);
  });

async function annOf(house: TestHouse): Promise<string> {
  return (await house.agent.listChildren('s'))?.[0]?.sessionId ?? '';
}

describe('guidance', () => {
  test('for a parent and for its child at the same time reaches each of them, and not the other', async () => {
    await using house = await createHouse();
    const inject = async () => {
      const ann = await annOf(house);
      await Promise.all([
        house.agent.injectUserMessage('s', 'For the lead.', { guidanceId: 'lead' }),
        house.agent.injectUserMessage(ann, 'For Ann.', { guidanceId: 'ann', metadata: { from: 'me' } }),
      ]);
    };
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ ...echo('hi'), at: { 1: inject } }, finish('a')],
    });
    const { chunks, outcome } = await record(house.run(team, more));
    team.assertSpent();
    expect(outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(sent(team, 'Ann')[1]).toContain('For Ann.');
    expect(sent(team, 'Ann').flat()).not.toContain('For the lead.');
    expect(sent(team, 'lead')[1]).toContain('For the lead.');
    expect(sent(team, 'lead').flat()).not.toContain('For Ann.');
    const taken = chunks.filter(({ metadata }) => metadata?.['source'] === 'guidance');
    expect(taken.map(({ session_id, content, metadata }) => [session_id, content, metadata?.['from']])).toEqual([
      [await annOf(house), 'For Ann.', 'me'],
      ['s', 'For the lead.', undefined],
    ]);
  });

  test.each<[string, ReturnType<typeof finish> | { text: string[] }]>([
    ['its last words', { text: ['It is ', 'red.'] }],
    ['its result', finish('It is red.')],
  ])('for a child that is saying %s is answered by one more turn, whose result counts', async (_, last) => {
    await using house = await createHouse();
    const inject = async () => await house.agent.injectUserMessage(await annOf(house), 'In German, please.');
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ ...last, at: { 1: inject } }, finish('Es ist rot.')],
    });
    const { messages, outcome } = await record(house.run(team, more));
    team.assertSpent();
    expect(outcome.pendingGuidance).toEqual([]);
    expect(sent(team, 'Ann')[1]?.at(-1)).toBe('In German, please.');
    expect(resultsOf(messages)).toMatchObject([{ status: 'completed', result: 'Es ist rot.' }]);
  });

  test('that a child has no step left for stays with it: named in the outcome, and delivered when it works again', async () => {
    await using house = await createHouse();
    const inject = async () =>
      await house.agent.injectUserMessage(await annOf(house), 'In German, please.', { guidanceId: 'g' });
    const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.', again, 'Ok.'],
      Ann: [echo('1'), { text: ['It is ', 'red.'], at: { 1: inject } }, finish('Es ist rot.')],
    });
    const first = await record(house.run(team, { ...more, maxLoopCount: 2 }));
    expect(first.outcome).toMatchObject({ reason: 'done', pendingGuidance: ['g'] });
    const ann = await annOf(house);
    for (const agent of [house.agent, house.restart()]) {
      expect(await agent.listPendingUserInjections(ann)).toMatchObject([{ guidance_id: 'g' }]);
      expect(await agent.listPendingUserInjections('s')).toEqual([]);
    }
    const second = await record(house.run(team, more));
    team.assertSpent();
    expect(second.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
    expect(sent(team, 'Ann')[2]?.slice(-2)).toEqual(['# for Ann\n\nDo it, Ann!', 'In German, please.']);
    expect(await house.agent.listPendingUserInjections(ann)).toEqual([]);
  });

  test('that is pending for a child can be changed and taken back, while it works', async () => {
    await using house = await createHouse();
    const edit = async () => {
      const [{ agent }, ann] = [house, await annOf(house)];
      await agent.injectUserMessage(ann, 'One.', { guidanceId: '1' });
      await agent.injectUserMessage(ann, 'Two.', { guidanceId: '2' });
      await agent.injectUserMessage(ann, 'One!', { guidanceId: '1' });
      expect(await agent.updatePendingUserInjection(ann, '1', 'Uno!')).toBe(true);
      expect(await agent.deletePendingUserInjection(ann, '2')).toBe(true);
      expect(await agent.deletePendingUserInjection(ann, '2')).toBe(false);
      expect(await agent.updatePendingUserInjection('s', '1', 'Not mine.')).toBe(false);
      expect(await agent.listPendingUserInjections(ann)).toMatchObject([{ guidance_id: '1', content: 'Uno!' }]);
      return echo('hi');
    };
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [edit, finish('a')] });
    const { outcome } = await record(house.run(team, more));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(sent(team, 'Ann')[1]?.at(-1)).toBe('Uno!');
    expect(sent(team, 'Ann')[1]).not.toContain('Two.');
  });

  test.each(['update', 'delete'])(
    'that is pending for a child at rest can be changed or taken back: %s',
    async (verb) => {
      await using house = await createHouse();
      const inject = async () =>
        await house.agent.injectUserMessage(await annOf(house), 'In German, please.', { guidanceId: 'g' });
      const again = (request: ChatRequest) => delegate({ agent_id: 'Ann', session_id: sessionsIn(request)[0] ?? '' });
      const team = teamOf({
        lead: [delegateTo('Ann'), 'Ok.', again, 'Ok.'],
        Ann: [echo('1'), { text: ['a', 'b'], at: { 1: inject } }, finish('c')],
      });
      await record(house.run(team, { ...more, maxLoopCount: 2 }));
      const agent = house.restart();
      const ann = await annOf(house);
      if (verb === 'update') await agent.updatePendingUserInjection(ann, 'g', 'In Greek.');
      else await agent.deletePendingUserInjection(ann, 'g');
      await record(agent.runStream(house.options(team, more)));
      expect(sent(team, 'Ann').at(-1)?.includes('In Greek.')).toBe(verb === 'update');
      expect(sent(team, 'Ann').at(-1)).not.toContain('In German, please.');
    },
  );

  test('for a child that has ended, or not begun, is refused, also while its tree runs', async () => {
    await using house = await createHouse();
    const refusals: Promise<unknown>[] = [];
    const inject = (id: string) =>
      refusals.push(house.agent.injectUserMessage(id, 'Hi').catch(({ code }: { code: string }) => code));
    const team = teamOf({ lead: [delegateTo('Ann'), { text: ['O', 'k.'] }], Ann: [finish('a')] });
    await watch(house.run(team, more), async ({ content }) => {
      if (content === 'O') inject(await annOf(house));
    });
    inject(await annOf(house));
    inject('nobody');
    // Nobody can send it a message: what it is told to do instead must be possible.
    await expect(house.agent.injectUserMessage(await annOf(house), 'Hi')).rejects.toThrow(
      /only they can give it another task\. Guide session "s", or send a message there\.$/,
    );
    expect(await Promise.all(refusals)).toEqual(['session-not-live', 'session-not-live', 'session-not-live']);
  });
});
