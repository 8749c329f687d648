import { describe, expect, test } from 'vitest';
import { defineAgent, SageError, SAgent, type AgentDefinition } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { agent, flow, sayer, sequence } from './nodes.ts';

type Run = AgentDefinition['run'];
const wrong = (run: unknown): AgentDefinition => ({ key: 'wrong', run: run as Run });
const returns = (outcome: unknown): AgentDefinition =>
  // oxlint-disable-next-line require-yield -- It has nothing to say.
  wrong(async function* run() {
    return outcome;
  });
const throws = (error: unknown): AgentDefinition =>
  // oxlint-disable-next-line require-yield -- It fails before it says anything.
  wrong(async function* run() {
    throw error;
  });
const throwsAtOnce = (): never => {
  throw new Error('Too early.');
};
const yields = (batch: unknown): AgentDefinition =>
  wrong(async function* run() {
    yield batch;
    return { type: 'done' };
  });

const handMade = { role: 'assistant', content: 'Psst', message_id: 'm', message_type: 'assistant_text' };

const wrongs: [string, AgentDefinition, RegExp][] = [
  ['returns nothing', returns(undefined), /returned no type\. Return \{ type \} with one of: done, need-user-input,/],
  ['returns a word', returns('done'), /returned no type\./],
  ['returns null', returns(null), /returned no type\./],
  ['returns a type there is not', returns({ type: 'nonsense' }), /returned type "nonsense"\. Return .* failed\./],
  ['returns that it failed, and not why', returns({ type: 'failed' }), /failed without a SageError.*Throw the error/],
  [
    'returns that it failed, with an error of its own',
    returns({ type: 'failed', error: new Error('x') }),
    /without a SageError/,
  ],
  ['returns that it was stopped, which it was not', returns({ type: 'stopped' }), /returned stopped.*nobody/],
  ['returns what JSON cannot hold', returns({ type: 1n }), /returned no type\./],
  ['yields a chunk made by hand', yields([handMade]), /not stored\. Yield what context\.step\(\) and context\.add\(\)/],
  ['yields a message', yields(handMade), /not stored/],
  ['yields nothing', yields(undefined), /not stored/],
  ['yields a hole', yields([undefined]), /not stored/],
  ['throws', throws(new TypeError('I have a bug.')), /I have a bug\.$/],
  ['throws a word', throws('up'), /failed: up$/],
  ['throws before it begins', wrong(throwsAtOnce), /Too early\.$/],
  ['is no generator', wrong(async () => ({ type: 'done' })), /async generator function/],
  ['gives nothing to run', wrong(() => undefined), /async generator function/],
  ['says what is no message', says({ role: 'assistant' }), /message needs content/],
  ['says something of no role', says({ role: 'robot', content: 'Hi' }), /message\.role must be one of/],
  ['says nothing', says({ role: 'user', content: ' ' }), /message\.content must not be empty/],
];

function says(message: unknown): AgentDefinition {
  return wrong(async function* run({ add }: Parameters<Run>[0]) {
    yield add(message as never);
    return { type: 'done' };
  });
}

describe('an agent that', () => {
  test.each(wrongs)('%s ends the run as failed/flow-error', async (_, definition, words) => {
    await using house = await createHouse({ agents: [definition, sayer('never')] });
    const customFlow = flow(sequence(agent('wrong'), agent('never')));
    const { outcome, chunks, text } = await record(house.run(scriptedModel([]), { sessionId: 's', customFlow }));
    const error = { code: 'flow-error', message: expect.stringMatching(words) };
    expect(outcome).toMatchObject({ status: 'failed', reason: 'flow-error', error });
    expect(outcome.error?.message).toMatch(/^Agent "wrong" failed: /);
    expect(chunks.at(-2)).toMatchObject({ message_type: 'error', content: outcome.error?.message, error_info: error });
    expect(JSON.stringify(chunks)).not.toMatch(/wrong-agents|Psst|\bat .*:\d+/);
    expect(text).toBe('');
    expectAtRest(await readSession(house.root, 's'));
    // Nothing of it stays behind: the session goes on.
    const next = house.run(scriptedModel(['Hi']), { sessionId: 's' });
    expect((await record(next)).outcome).toMatchObject({ reason: 'done' });
  });

  test('returns a SageError of its own fails with it', async () => {
    const error = new SageError('tool-error', 'The printer is on fire.', { tool: 'printer' });
    await using house = await createHouse({ agents: [returns({ type: 'failed', error })] });
    const { outcome } = await record(house.run(scriptedModel([]), { customFlow: flow(agent('wrong')) }));
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'flow-error',
      error: { code: 'tool-error', message: 'The printer is on fire.' },
    });
  });

  test('throws is closed: its finally has run', async () => {
    let isClosed = false;
    const closes = wrong(async function* run({ add }: Parameters<Run>[0]) {
      try {
        yield add({ role: 'assistant', content: 'a' });
        yield [handMade];
        return { type: 'done' };
      } finally {
        isClosed = true;
      }
    });
    await using house = await createHouse({ agents: [closes] });
    await record(house.run(scriptedModel([]), { customFlow: flow(agent('wrong')) }));
    expect(isClosed).toBe(true);
  });
});

describe('new SAgent refuses', () => {
  const known = sayer('known');
  const refused: [string, unknown, RegExp][] = [
    ['two agents of one key', [known, sayer('known')], /two agents "known".*simple, .*known/],
    ['the key of a built-in agent', [sayer('simple')], /two agents "simple"/],
    ['an agent without a key', [{ ...known, key: undefined }], /agents/],
    ['an empty key', [{ ...known, key: '' }], /agents/],
    ['an agent that cannot run', [{ key: 'a' }], /agents/],
    ['no agent at all', [null], /agents/],
    ['a word', ['simple'], /agents/],
    ['something else than a list', known, /agents/],
    ['null', null, /agents/],
  ];

  test.each(refused)('%s', (_, agents, message) => {
    const create = () => new SAgent({ sessionRootSpace: 'never-made', agents: agents as AgentDefinition[] });
    expect(create).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });

  test('what defineAgent refuses too', () => {
    const allowed = [
      [{ ...known, key: '' }, /key/],
      [{ key: 'a', run: undefined }, /run/],
    ] as const;
    for (const [definition, message] of allowed) {
      expect(() => defineAgent(definition as AgentDefinition)).toThrow(
        expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
      );
    }
  });
});
