import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const { cache } = createRequire(import.meta.url);
const isLoaded = () => Object.keys(cache).some((file) => file.includes('@cfworker/json-schema'));

test('the validator is loaded with the first call that is checked, and not with the package or its tools', async () => {
  const { defineTool } = await import('sagents');
  const parameters = { properties: { a: { type: 'string' } } } as const;
  const tool = defineTool({ name: 'look', description: 'Looks.', parameters, execute: ({ a }) => a });
  expect(isLoaded()).toBe(false);
  await tool.inputSchema.validate({ a: 'x' });
  expect(isLoaded()).toBe(true);
});
