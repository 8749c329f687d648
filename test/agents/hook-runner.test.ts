import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HookRunner } from '../../src/agents/hook-runner.ts';
import { readStop } from '../../src/agents/read-hook-results.ts';
import { ActiveClock } from '../../src/streams/active-clock.ts';
import { createWorld } from './helpers.ts';

/** Calls a hook that takes a few milliseconds. */
async function call(ms: number, clock = new ActiveClock()) {
  const { context } = createWorld();
  const beforeModel = () => setTimeout(10, { action: 'stop', reason: 'No.' } as const);
  const runner = new HookRunner({ beforeModel }, { clock, ms });
  return await runner.run('beforeModel', { model: 'm', isHelper: false, messages: 1 }, context, readStop);
}

test('a hook is out of time when it has taken longer than it may', async () => {
  expect(await call(1)).toMatchObject({ type: 'failed', reason: expect.stringContaining('within 1 ms') });
});

test('infinity is no limit', async () => {
  expect(await call(Infinity)).toMatchObject({ type: 'said' });
});

test('its time stands still while the reader holds a batch', async () => {
  const clock = new ActiveClock();
  clock.pause();
  expect(await call(1, clock)).toMatchObject({ type: 'said' });
});
