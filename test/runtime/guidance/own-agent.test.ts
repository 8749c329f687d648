import { expect, test } from 'vitest';
import { agent, defineAgent, SAgent } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

test('guidance that comes too late for an agent that asks its model once stays pending, and the run ends', async () => {
  await using house = await createHouse();
  let entered = 0;
  const once = defineAgent({
    key: 'once',
    async *run({ state, step }) {
      entered += 1;
      if (state.get('spoke') === true) return { type: 'done' };
      yield* step();
      state.set('spoke', true);
      return { type: 'done' };
    },
  });
  await using host = new SAgent({ sessionRootSpace: house.root, agents: [once] });
  const model = scriptedModel([
    { text: ['Yes.'], at: { 0: () => host.injectUserMessage('s', 'Louder!', { guidanceId: 'g' }) } },
  ]);
  const customFlow = { name: 'once', root: agent('once') };
  const run = host.runStream(house.options(model, { sessionId: 's', customFlow }));
  const { outcome } = await record(run);
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done', pendingGuidance: ['g'] });
  expect(entered).toBe(2);
});
