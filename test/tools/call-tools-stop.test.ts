import { describe, expect, test } from 'vitest';
import { aborted, calls, createStage, told, tool } from './helpers.ts';

const deaf = tool('deaf', () => new Promise(() => {}));
const polite = tool('polite', async (_, { signal }) => {
  await aborted(signal);
  throw signal.reason as Error;
});

describe('a tool out of time', () => {
  test('is stopped after the time of all tools, and the model is told', async () => {
    const { run, outcomes } = createStage([polite], { toolMs: 5 });
    await run(calls(['polite']));
    expect(outcomes[0]?.status).toBe('error');
    expect(told(outcomes[0])).toEqual({
      status: 'error',
      error_code: 'TIMEOUT',
      message: 'Tool "polite" did not end within 5 ms and was stopped. It may have had an effect.',
    });
  });

  test('is stopped after its own time, if it has one', async () => {
    const { run, outcomes } = createStage([{ ...polite, timeoutMs: 6 }]);
    await run(calls(['polite']));
    expect(told(outcomes[0])).toMatchObject({ error_code: 'TIMEOUT', message: expect.stringContaining('within 6 ms') });
  });

  test('is left behind when it is deaf, and its siblings go on', async () => {
    const gate = Promise.withResolvers<void>();
    const { run, log, outcomes } = createStage([{ ...deaf, timeoutMs: 5 }, tool('slow', () => gate.promise)], {
      graceMs: 5,
      onAbandoned: ({ call }) => {
        log.push(`${call.function.name} abandoned`);
        gate.resolve();
      },
    });
    await run(calls(['deaf'], ['slow']));
    expect(log).toEqual(['intents 0,1', 'deaf abandoned', 'result 0: error', 'result 1: success']);
    expect(told(outcomes[0])).toMatchObject({ error_code: 'TIMEOUT' });
  });

  test('may still end in its grace: what it gives then is its result', async () => {
    const late = tool('late', async (_, { signal }) => {
      await aborted(signal);
      return 'just in time';
    });
    const { run, outcomes } = createStage([late], { toolMs: 5 });
    await run(calls(['late']));
    expect(outcomes).toEqual([{ status: 'success', content: 'just in time' }]);
  });
});

describe('a run that is stopped', () => {
  test('before its calls starts none, and intends none', async () => {
    const { run, log, controller } = createStage([polite]);
    controller.abort();
    expect(await run(calls(['polite'], ['fly']))).toEqual([]);
    expect(log).toEqual([]);
  });

  test('while the intents are stored starts no call', async () => {
    const { run, log, controller } = createStage([tool('look', () => log.push('look starts'))], {
      effects: {
        intents: async () => controller.abort(),
        result: ({ index }, { status }) => log.push(`result ${index}: ${status}`),
      },
    });
    await run(calls(['look']));
    expect(log).toEqual(['result 0: not_run']);
  });

  test('stops the tools at work, and starts no other', async () => {
    const { run, log, controller, outcomes } = createStage([polite]);
    const running = run(calls(...Array.from({ length: 9 }, () => ['polite'] as const)));
    setImmediate(() => controller.abort());
    await running;
    expect(outcomes.map(({ status }) => status)).toEqual([...Array.from({ length: 8 }, () => 'cancelled'), 'not_run']);
    expect(outcomes[0]?.content).toBe('Tool "polite" was stopped with the run, before it had ended.');
    expect(log).toHaveLength(10);
  });

  test('leaves a deaf tool behind after its grace, and drops what it gives later', async () => {
    const late = Promise.withResolvers<string>();
    const { open, log, controller, outcomes } = createStage([tool('late', () => late.promise)], { graceMs: 5 });
    const running = open(calls(['late']));
    const event = running.next();
    setImmediate(() => controller.abort());
    await event;
    late.resolve('too late');
    expect((await running.next()).done).toBe(true);
    expect(log).toEqual(['intents 0', 'late abandoned', 'result 0: cancelled']);
    expect(outcomes).toHaveLength(1);
  });
});

describe('when a result cannot be recorded', () => {
  test('the calls end with that error, and their tools are closed', async () => {
    const lost = new Error('The session is lost.');
    const log: string[] = [];
    const sibling = tool('sibling', async function* () {
      try {
        for (;;) yield 'on it';
      } finally {
        log.push('finally');
      }
    });
    const { run } = createStage([tool('look', () => 'a lake'), sibling], {
      effects: {
        intents: async () => {},
        result: () => {
          throw lost;
        },
      },
    });
    await expect(run(calls(['look'], ['sibling']))).rejects.toBe(lost);
    expect(log).toEqual(['finally']);
  });
});
