import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

/** Each option that is designed and not built, with values that ask for it, and those that do not. */
const later: [string, readonly unknown[], readonly unknown[]][] = [
  ['customSubAgents', [[{ name: 'a' }]], [undefined, []]],
  ['skillManager', [new (class SkillManager {})()], [undefined, null]],
  ['permissions', [{ mode: 'plan' }], [undefined, {}]],
  ['whenApprovalNeeded', ['wait', 'suspend'], [undefined, 'deny']],
  ['hooks', [{ onChunk: () => {} }], [undefined, {}]],
  ['contextBudgetConfig', [{ max: 1 }], [undefined, {}]],
];

const asking = later.flatMap(([name, values]) => values.map((value): [string, unknown] => [name, value]));

describe('an option that is not built yet', () => {
  test.each([...asking, ['agentMode', 'fibre']])('is refused at once: %s = %o', async (name, value) => {
    await using house = await createHouse();
    const options = { ...house.options(scriptedModel([])), [name]: value } as RunOptions;
    expect(() => house.agent.runStream(options)).toThrow(
      expect.objectContaining({ code: 'not-available-yet', message: expect.stringContaining(name) }),
    );
  });

  test.each(['maxDepth', 'maxChildrenPerCall', 'maxChildrenPerTree', 'maxChildrenAtOnce'])(
    'is refused at once: limits.%s',
    async (name) => {
      await using house = await createHouse();
      const options = { ...house.options(scriptedModel([])), limits: { [name]: 1 } } as RunOptions;
      expect(() => house.agent.runStream(options)).toThrow(
        expect.objectContaining({ code: 'not-available-yet', facts: { option: `limits.${name}` } }),
      );
    },
  );
});

describe('its default', () => {
  test.each(later.flatMap(([name, , defaults]) => defaults.map((value): [string, unknown] => [name, value])))(
    'passes: %s = %o',
    async (name, value) => {
      await using house = await createHouse();
      const options = { ...house.options(scriptedModel(['Hi'])), [name]: value } as RunOptions;
      expect((await record(house.agent.runStream(options))).outcome).toMatchObject({ reason: 'done' });
    },
  );

  test('passes, for limits and modes', async () => {
    await using house = await createHouse();
    const limits = { maxDepth: 4, maxChildrenPerCall: 16, maxChildrenPerTree: 64, maxChildrenAtOnce: 8 };
    const options = { ...house.options(scriptedModel(['Hi'])), limits, agentMode: 'simple' } as RunOptions;
    expect((await record(house.agent.runStream(options))).outcome).toMatchObject({ reason: 'done' });
  });
});
