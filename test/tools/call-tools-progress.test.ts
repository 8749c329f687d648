import { describe, expect, test } from 'vitest';
import { aborted, calls, createStage, told, tool } from './helpers.ts';

/** A tool of two pieces of progress that writes down how far it has come. */
function createStepper(work: (step: number, signal: AbortSignal) => unknown = () => undefined) {
  const steps: string[] = [];
  const stepper = tool('step', async function* (_, { signal }) {
    try {
      for (const step of [1, 2]) {
        await work(step, signal);
        steps.push(`yields ${step}`);
        yield `step ${step}`;
      }
      return 'there';
    } finally {
      steps.push('finally');
    }
  });
  return { stepper, steps };
}

describe('a call that tells its progress', () => {
  test('yields it, then its result', async () => {
    const { stepper, steps } = createStepper();
    const { run, outcomes } = createStage([stepper]);
    const placed = expect.objectContaining({ index: 0 });
    expect(await run(calls(['step']))).toEqual([
      { type: 'progress', placed, text: 'step 1' },
      { type: 'progress', placed, text: 'step 2' },
      { type: 'result', placed },
    ]);
    expect(outcomes).toEqual([{ status: 'success', content: 'there' }]);
    expect(steps).toEqual(['yields 1', 'yields 2', 'finally']);
  });

  test('goes on only when its progress has been taken', async () => {
    const { stepper, steps } = createStepper();
    const running = createStage([stepper]).open(calls(['step']));
    await running.next();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual(['yields 1']);
    await running.next();
    expect(steps).toEqual(['yields 1', 'yields 2']);
    await running.return('settled');
  });

  test('is closed when its reader leaves early, and has no result', async () => {
    const { stepper, steps } = createStepper();
    const { open, log } = createStage([stepper]);
    for await (const _ of open(calls(['step']))) break;
    expect(steps).toEqual(['yields 1', 'finally']);
    expect(log).toEqual(['intents 0']);
  });

  test('that throws after some progress is told as an error', async () => {
    const { stepper, steps } = createStepper((step) => step === 2 && Promise.reject(new Error('Tripped.')));
    const { run, outcomes } = createStage([stepper]);
    expect(await run(calls(['step']))).toHaveLength(2);
    expect(told(outcomes[0])).toMatchObject({ error_code: 'EXECUTION_ERROR', message: 'Tool "step" failed: Tripped.' });
    expect(steps).toEqual(['yields 1', 'finally']);
  });

  test('is stopped by the signal', async () => {
    const { stepper, steps } = createStepper((step, signal) => (step === 2 ? aborted(signal) : undefined));
    const { open, controller, outcomes } = createStage([stepper]);
    const running = open(calls(['step']));
    await running.next();
    const next = running.next();
    controller.abort();
    expect((await next).value).toMatchObject({ type: 'result' });
    expect(outcomes).toMatchObject([{ status: 'success' }]);
    expect(steps).toEqual(['yields 1', 'yields 2', 'finally']);
  });
});
