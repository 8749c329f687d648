import { describe, expect, test } from 'vitest';
import { textOf, type Hooks, type InputMessage } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { crashAfter, readSession } from '../../support/journal.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';
import { flow, named, parallel, sayer, sequence } from '../flow/nodes.ts';

type Hook = NonNullable<Hooks['onUserMessage']>;

/** A hook that keeps what it is shown. */
function watcher(answer: Hook = () => undefined) {
  const seen: unknown[] = [];
  const onUserMessage: Hook = (message, context) => {
    seen.push(message.content);
    return answer(message, context);
  };
  return { seen, hooks: { onUserMessage } };
}

const say = (content: string, more: object = {}): { readonly inputMessages: readonly InputMessage[] } => ({
  inputMessages: [{ role: 'user', content, ...more }],
});

/** Another task for the child that the newest result names. */
function again(messages: readonly { readonly content?: unknown }[], agent_id: string) {
  const [, session_id = ''] = /"session_id":"([^"]+)"/.exec(String(messages.at(-1)?.content)) ?? [];
  const task = { agent_id, task_name: 'again', content: 'Do it again.', session_id };
  return call('sys_delegate_task', { tasks: [task] });
}

describe('onUserMessage', () => {
  test('is shown each message of the user once, before a model sees it, in every run', async () => {
    await using house = await createHouse();
    const { seen, hooks } = watcher();
    const toolManager = managerOf(echoTool());
    const model = scriptedModel([echo('hi'), 'Done.', 'Again.']);
    const two = [...say('One').inputMessages, ...say('Two').inputMessages];
    await record(house.run(model, { sessionId: 's', toolManager, hooks, inputMessages: two }));
    await record(house.run(model, { sessionId: 's', toolManager, hooks, ...say('Three') }));
    expect(seen).toEqual(['One', 'Two', 'Three']);
  });

  test('is not shown what was said before there were hooks, and all that is said in their first run', async () => {
    await using house = await createHouse({ agents: [sayer('herald', 'Hear!')] });
    const { seen, hooks } = watcher();
    await record(house.run(scriptedModel(['Hi.']), { sessionId: 's', ...say('Before') }));
    // Somebody speaks before the first model is called.
    const customFlow = flow(sequence({ node_type: 'agent', agent_key: 'herald' }, named('one')));
    await record(house.run(scriptedModel(['Hi.']), { sessionId: 's', customFlow, hooks, ...say('After') }));
    expect(seen).toEqual(['After']);
  });

  test('tells the model something more, right behind the message, and clients nothing', async () => {
    await using house = await createHouse();
    const { hooks } = watcher((message) => ({ context: `"${textOf(message)}" was said at noon.` }));
    const model = scriptedModel(['Hi.', 'Bye.']);
    const first = await record(house.run(model, { sessionId: 's', hooks, ...say('Hello') }));
    await record(house.run(model, { sessionId: 's', hooks, ...say('Bye') }));
    expect(texts(conversations(model)[1])).toEqual([
      'Hello',
      '"Hello" was said at noon.',
      'Hi.',
      'Bye',
      '"Bye" was said at noon.',
    ]);
    expect(JSON.stringify(first.chunks)).not.toContain('noon');
    expect(JSON.stringify(await house.agent.getMessages('s'))).not.toContain('noon');
  });

  test('is shown guidance too, whenever it comes before a model call', async () => {
    await using house = await createHouse();
    const late = { isTold: false };
    const { seen, hooks } = watcher(async ({ content }) => {
      if (content === 'Hello') await house.agent.injectUserMessage('s', 'While it is shown.');
    });
    const beforeModel: Hooks['beforeModel'] = async () => {
      if (late.isTold) return;
      late.isTold = true;
      await house.agent.injectUserMessage('s', 'Right before the call.');
    };
    const model = scriptedModel(['Hi.']);
    await record(house.run(model, { sessionId: 's', hooks: { ...hooks, beforeModel }, ...say('Hello') }));
    const said = ['Hello', 'While it is shown.', 'Right before the call.'];
    expect(seen).toEqual(said);
    expect(texts(conversations(model)[0])).toEqual(said);
  });

  test('is shown a message that was replaced once more', async () => {
    await using house = await createHouse();
    const { seen, hooks } = watcher();
    const model = scriptedModel(['Hi.', 'Hi again.']);
    await record(house.run(model, { sessionId: 's', hooks, ...say('Harmless.', { message_id: 'm' }) }));
    const inputMessages = [...say('Harmful.', { message_id: 'm' }).inputMessages, ...say('Go on.').inputMessages];
    await record(house.run(model, { sessionId: 's', hooks, inputMessages }));
    expect(seen).toHaveLength(3);
    expect(new Set(seen)).toEqual(new Set(['Harmless.', 'Harmful.', 'Go on.']));
  });

  test('stops the run; what it has stopped reaches no model in a later run either, until it is replaced', async () => {
    await using house = await createHouse();
    const { seen, hooks } = watcher((message) =>
      textOf(message).includes('curse') ? { action: 'stop', reason: 'Mind your words.' } : undefined,
    );
    const model = scriptedModel(['Better.']);
    const curse = say('A curse', { message_id: 'm' });
    const first = await record(house.run(model, { sessionId: 's', hooks, ...curse }));
    expect(first.outcome).toMatchObject({ status: 'interrupted', reason: 'hook-stopped', note: 'Mind your words.' });
    const second = await record(house.run(model, { sessionId: 's', hooks, ...say('Go on.') }));
    expect(second.outcome).toMatchObject({ reason: 'hook-stopped' });
    expect(model.requests).toEqual([]);
    const third = await record(house.run(model, { sessionId: 's', hooks, ...say('A blessing', { message_id: 'm' }) }));
    expect(third.outcome).toMatchObject({ reason: 'done' });
    expect(texts(conversations(model)[0])).toEqual(['A blessing', 'Go on.']);
    expect(seen).toEqual(['A curse', 'A curse', 'Go on.', 'A blessing']);
  });

  test.each<[string, Hook]>([
    [
      'throws',
      () => {
        throw new Error('No database.');
      },
    ],
    ['never ends', () => new Promise(() => {})],
    ['gives something else', () => ({ context: 7 }) as never],
  ])('stops the run where it %s, and is shown the message again in the next', async (_, broken) => {
    await using house = await createHouse();
    const model = scriptedModel(['Hi.']);
    const more = { sessionId: 's', deadlines: { hookMs: 20 } } as const;
    const { outcome } = await record(house.run(model, { ...more, hooks: { onUserMessage: broken }, ...say('One') }));
    expect(outcome).toMatchObject({ reason: 'hook-stopped', note: expect.stringContaining('onUserMessage') });
    expect(model.requests).toEqual([]);
    const { seen, hooks } = watcher();
    await record(house.run(model, { ...more, hooks, ...say('Two') }));
    expect(seen).toEqual(['One', 'Two']);
  });

  test('is shown a message once, and says its word once, also where the process died in between', async () => {
    await using house = await createHouse();
    const { seen, hooks } = watcher(() => ({ context: 'Noon.' }));
    const model = scriptedModel(['Hi.', 'Hi.']);
    await record(house.run(model, { sessionId: 's', hooks, ...say('Hello') }));
    crashAfter(house.root, 's', (entry) => entry.type === 'state');
    const again = house.options(model, { sessionId: 's', hooks, inputMessages: [] });
    await record(house.restart().runStream(again));
    expect(seen).toEqual(['Hello']);
    expect(texts(conversations(model)[1])).toEqual(['Hello', 'Noon.']);
  });

  test('is shown a message once where branches come to it side by side; what it says stops all of them', async () => {
    for (const answer of [undefined, { action: 'stop', reason: 'No.' }] as const) {
      await using house = await createHouse();
      const { seen, hooks } = watcher(async () => {
        await house.agent.saveSession('s');
        return answer;
      });
      const customFlow = flow(parallel([named('one'), named('two'), named('three')]));
      const model = scriptedModel(['1', '2', '3']);
      await record(house.run(model, { sessionId: 's', hooks, customFlow, ...say('Hello') }));
      expect(seen).toEqual(['Hello']);
      expect(model.requests).toHaveLength(answer === undefined ? 3 : 0);
    }
  });

  test('that failed at a child’s task is shown it again with the next task of the same child', async () => {
    await using house = await createHouse();
    let isBroken = true;
    const { seen, hooks } = watcher((_, { sessionId }) => {
      if (sessionId === 's' || !isBroken) return;
      isBroken = false;
      throw new Error('No database.');
    });
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('clerk')] }, ({ messages }) => again(messages, 'clerk'), 'So.'],
      'You are clerk.': ['Yes.'],
    });
    const { messages } = await record(house.run(model, { ...team(member('clerk')), hooks, ...say('Hello') }));
    const results = messages.filter(({ role }) => role === 'tool').map((one) => JSON.parse(textOf(one)) as unknown);
    expect(results).toMatchObject([
      { results: [{ reason: 'hook-stopped', error: expect.stringContaining('No database.') }] },
      { results: [{ status: 'completed', result: 'Yes.' }] },
    ]);
    expect(seen).toEqual(['Hello', '# clerk\n\nDo it, clerk.', '# clerk\n\nDo it, clerk.', '# again\n\nDo it again.']);
  });

  test('is shown what a child is told to do, and by whom', async () => {
    await using house = await createHouse();
    const sources: unknown[] = [];
    const hooks: Hooks = { onUserMessage: ({ metadata }) => void sources.push(metadata['source']) };
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'],
      'You are clerk.': ['Yes.'],
    });
    await record(house.run(model, { ...team(member('clerk')), hooks, ...say('Hello') }));
    expect(sources).toEqual([undefined, 'delegation']);
    const { entries } = await readSession(house.root, 's');
    expect(entries.filter(({ type }) => type === 'hook_ran')).toHaveLength(2);
  });
});
