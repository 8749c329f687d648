import { describe, expect, test } from 'vitest';
import type { AgentContext } from '../../src/agents/agent.ts';
import { simpleAgent } from '../../src/agents/simple.ts';
import type { Entry } from '../../src/session/entry.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import type { Tool, ToolEffect } from '../../src/tools/tool.ts';
import { callers, openSession, result, toolCall } from '../session/helpers.ts';
import { tool } from '../tools/helpers.ts';
import { begun, createWorld, read, sent } from './helpers.ts';

/** What is stored when a process dies after these entries, before it could end its run. */
function crashAfter(...entries: readonly Entry[]) {
  const { session, writer } = openSession();
  session.append([...begun, asking, ...entries]);
  return writer.records;
}

const started: string[] = [];
function toolOf(name: string, effect: ToolEffect): Tool {
  return tool(name, (_, { idempotencyKey }) => void started.push(`${name} ${idempotencyKey}`), { effect });
}
const tools = [toolOf('look', 'none'), toolOf('write', 'idempotent'), toolOf('pay', 'once')];
const asked: Entry = { type: 'message', message: callers('m', ['look', 'write', 'pay']) };
/** The reply `m` is the one this node has asked for. */
const asking: Entry = { type: 'model_called', model: 'm', node: 'root', message_id: 'm' };

/** Continues the run, and gives what was started, and the statuses of the results. */
async function goOn(
  records: ReturnType<typeof crashAfter>,
  limits: { maxToolCalls?: number; maxLoopCount?: number } = {},
) {
  started.length = 0;
  const world = createWorld({ answers: ['Done.'], tools, records, ...limits });
  const { outcome } = await read(simpleAgent.run(world.context));
  const statuses = world.ledger.resultsOf('m').map(({ metadata }) => metadata?.['tool_execution_status']);
  return { world, outcome, started: [...started], statuses: statuses.toReversed() };
}

/** What is told of a run that died before its model said anything. */
const uncut = async () => (await goOn(crashAfter())).world;

describe('an agent that goes on after a crash', () => {
  test('runs calls that were not started', async () => {
    const { outcome, started: ran, statuses } = await goOn(crashAfter(asked));
    expect(ran).toEqual(['look m-0', 'write m-1', 'pay m-2']);
    expect(statuses).toEqual(['success', 'success', 'success']);
    expect(outcome).toEqual({ type: 'done' });
  });

  test('runs calls again where that is safe, with the same key; the others may have run', async () => {
    const { started: ran, statuses } = await goOn(
      crashAfter(asked, { type: 'intents', message_id: 'm', calls: [0, 1, 2] }),
    );
    expect(ran).toEqual(['look m-0', 'write m-1']);
    expect(statuses).toEqual(['success', 'success', 'unknown']);
  });

  test('runs nothing again that has its result', async () => {
    const intents: Entry = { type: 'intents', message_id: 'm', calls: [0, 1, 2] };
    const settled: Entry = { type: 'settled', call: ['m', 2], message: result('t2', 'c2', 'paid') };
    const shown: Entry = { type: 'message', call: ['m', 0], message: result('t0', 'c0') };
    const { world, started: ran } = await goOn(crashAfter(asked, intents, settled, shown));
    expect(ran).toEqual(['write m-1']);
    expect(sent(world, 0).slice(-3)).toMatchObject([{ content: 't0' }, { tool_call_id: 'c1' }, { content: 'paid' }]);
  });

  test('does not know what a call has done whose tool is no longer there', async () => {
    const gone: Entry = { type: 'message', message: { ...callers('m', []), tool_calls: [toolCall('c', 'fly')] } };
    const { statuses } = await goOn(crashAfter(gone, { type: 'intents', message_id: 'm', calls: [0] }));
    expect(statuses).toEqual(['unknown']);
  });

  test('tells the model, and nobody else, that its last message was cut', async () => {
    const cut = { role: 'assistant', message_id: 'm', content: 'Once', message_type: 'assistant_text' } as const;
    const records = crashAfter({ type: 'message', message: { ...cut, metadata: { incomplete: 'crashed' } } });
    const { world } = await goOn(records);
    expect(sent(world, 0).slice(-2)).toMatchObject([
      { content: 'Once' },
      { content: expect.stringContaining('cut off') },
    ]);
    expect(world.ledger.messages().at(-2)?.metadata).toEqual({ hidden_from_chat: true, source: 'runtime' });
  });

  test('tells nothing of a message that was cut before its first word', async () => {
    const cut = { role: 'assistant', message_id: 'm', content: '', reasoning_content: 'Hm.' } as const;
    const message = { ...cut, message_type: 'reasoning_content', metadata: { incomplete: 'crashed' } } as const;
    const { world } = await goOn(crashAfter({ type: 'message', message }));
    expect(sent(world, 0)).toEqual(sent(await uncut(), 0));
  });

  test('runs no call of a reply that was cut at its length', async () => {
    const cut: Entry = { type: 'message', message: { ...callers('m', ['pay']), metadata: { incomplete: 'length' } } };
    const { started: ran, world } = await goOn(crashAfter(cut));
    expect(ran).toEqual([]);
    expect(sent(world, 0).at(-1)).toMatchObject({
      role: 'tool',
      content: expect.stringContaining('cut at the length limit'),
    });
  });
});

describe('an agent that goes on with nothing left to spend', () => {
  const intents: Entry = { type: 'intents', message_id: 'm', calls: [0, 1] };

  test.each([1, 2])(
    'runs again what was started before, which is paid for: %i tool calls allowed, two started',
    async (maxToolCalls) => {
      const { world, started: ran } = await goOn(crashAfter(asked, intents), { maxToolCalls });
      expect(ran).toEqual(['look m-0', 'write m-1']);
      expect(world.entries()).toContainEqual({ type: 'intents', message_id: 'm', calls: [0, 1], again: [0, 1] });
    },
  );

  test('starts no call that it cannot pay for', async () => {
    const { outcome, started: ran } = await goOn(crashAfter(asked), { maxToolCalls: 1 });
    expect(ran).toEqual(['look m-0']);
    expect(outcome).toEqual({ type: 'budget' });
  });

  test('starts no call whose result no model call is left to read', async () => {
    const { world, outcome, started: ran } = await goOn(crashAfter(asked), { maxLoopCount: 1 });
    expect(ran).toEqual([]);
    expect(outcome).toEqual({ type: 'max-loops' });
    expect(world.ledger.openCalls.size).toBe(1);
  });
});

test('an agent that goes on when it is already stopped starts nothing', async () => {
  started.length = 0;
  const world = createWorld({ tools, records: crashAfter(asked) });
  world.controller.abort();
  const context: AgentContext = { ...world.context, model: scriptedModel([]) };
  expect((await read(simpleAgent.run(context))).outcome).toEqual({ type: 'stopped' });
  expect(started).toEqual([]);
});
