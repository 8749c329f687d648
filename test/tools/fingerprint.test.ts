import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../src/tools/tool.ts';

const base = { name: 'look', description: 'Looks.', execute: () => 'a lake' };
const parameters = { properties: { at: { type: 'string', description: 'Where.' } }, required: ['at'] } as const;
const { fingerprint } = defineTool({ ...base, parameters });

describe('the fingerprint of a tool', () => {
  test('is the same for the same definition, whatever the order of its keys and whatever it does', () => {
    const turned = { required: ['at'], properties: { at: { description: 'Where.', type: 'string' } } };
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(defineTool({ ...base, parameters: turned, execute: () => 'a sea', timeoutMs: 5 }).fingerprint).toBe(
      fingerprint,
    );
  });

  test.each([
    ['name', { name: 'stare' }],
    ['description', { description: 'Looks, and tells everybody.' }],
    ['effect', { effect: 'none' as const }],
  ])('is another for another %s', (_, changed) => {
    expect(defineTool({ ...base, parameters, ...changed }).fingerprint).not.toBe(fingerprint);
  });

  test('is another for other parameters', () => {
    const other = z.object({ at: z.string() });
    expect(defineTool({ ...base, parameters: other }).fingerprint).not.toBe(fingerprint);
  });
});
