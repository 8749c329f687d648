import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

/** Each option that is designed and not built, with values that ask for it, and those that do not. */
const later: [string, readonly unknown[], readonly unknown[]][] = [
  ['contextBudgetConfig', [{ max: 1 }], [undefined, {}]],
];

const asking = later.flatMap(([name, values]) => values.map((value): [string, unknown] => [name, value]));

describe('an option that is not built yet', () => {
  test.each(asking)('is refused at once: %s = %o', async (name, value) => {
    await using house = await createHouse();
    const options = { ...house.options(scriptedModel([])), [name]: value } as RunOptions;
    expect(() => house.agent.runStream(options)).toThrow(
      expect.objectContaining({ code: 'not-available-yet', message: expect.stringContaining(name) }),
    );
  });
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
});
