import { describe, expect, test } from 'vitest';
import { sandboxContract } from '../../../src/testing/index.ts';
import { openLocal } from './helpers.ts';

describe('the local sandbox keeps the contract', { timeout: 60_000 }, () => {
  const contract = sandboxContract(() => openLocal());
  test.each(contract)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});
