import { expect, test } from 'vitest';
import { builtinTools } from '../../../src/tools/builtin/builtin-tools.ts';

test('the built-in tools, their arguments, and what running them again does', () => {
  const shown = builtinTools().map(({ name, effect, sandbox, approval, inputSchema: { jsonSchema } }) => {
    const properties = Object.keys(jsonSchema['properties'] as object);
    return { name, effect, sandbox, approval, properties, required: jsonSchema['required'] ?? [] };
  });
  const common = { sandbox: 'needed', approval: 'allow' };
  expect(shown).toEqual([
    {
      ...common,
      name: 'execute_shell_command',
      effect: 'once',
      properties: ['command', 'workdir'],
      required: ['command'],
    },
    {
      ...common,
      name: 'file_read',
      effect: 'none',
      properties: ['file_path', 'start_line', 'end_line', 'include_line_numbers'],
      required: ['file_path'],
    },
    {
      ...common,
      name: 'file_write',
      effect: 'once',
      properties: ['file_path', 'content', 'mode'],
      required: ['file_path', 'content'],
    },
    {
      ...common,
      name: 'list_dir',
      effect: 'none',
      properties: ['path', 'depth', 'max_items_per_dir', 'include_hidden'],
      required: [],
    },
  ]);
});

test('every argument is described, and no other is taken', () => {
  for (const { inputSchema } of builtinTools()) {
    const { properties, additionalProperties } = inputSchema.jsonSchema;
    expect(additionalProperties).toBe(false);
    for (const property of Object.values(properties as object)) {
      expect(property).toHaveProperty('description', expect.stringMatching(/\.$/));
    }
  }
});

test('a list of them is the caller’s own', () => {
  builtinTools().pop();
  expect(builtinTools()).toHaveLength(4);
});
