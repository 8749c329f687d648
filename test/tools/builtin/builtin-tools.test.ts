import { expect, test } from 'vitest';
import { builtinTools } from '../../../src/tools/builtin/builtin-tools.ts';

test('the built-in tools, their arguments, and what running them again does', () => {
  const shown = builtinTools().map(({ name, effect, sandbox, approval, inputSchema: { jsonSchema } }) => {
    const properties = Object.keys(jsonSchema['properties'] ?? {});
    return { name, effect, sandbox, approval, properties, required: jsonSchema['required'] ?? [] };
  });
  const inSandbox = { sandbox: 'needed', approval: 'allow' };
  const tool = (name: string, effect: string, properties: string, required: string) => ({
    ...inSandbox,
    name,
    effect,
    properties: wordsOf(properties),
    required: wordsOf(required),
  });
  expect(shown).toEqual([
    tool('execute_shell_command', 'once', 'command workdir block_until_ms env_vars', 'command'),
    tool('await_shell', 'none', 'task_id block_until_ms pattern', 'task_id'),
    tool('kill_shell', 'idempotent', 'task_id', 'task_id'),
    tool('file_read', 'none', 'file_path start_line end_line include_line_numbers', 'file_path'),
    tool('file_write', 'once', 'file_path content mode', 'file_path content'),
    tool('file_update', 'once', 'file_path operations', 'file_path operations'),
    tool('apply_patch', 'once', 'patch', 'patch'),
    tool('list_dir', 'none', 'path depth max_items_per_dir include_hidden', ''),
    tool('glob', 'none', 'pattern path head_limit', 'pattern'),
    tool(
      'grep',
      'none',
      'pattern path glob type output_mode case_insensitive multiline before_lines after_lines context_lines head_limit',
      'pattern',
    ),
    { ...tool('todo_write', 'idempotent', 'tasks', 'tasks'), sandbox: 'none' },
    { ...tool('todo_read', 'none', '', ''), sandbox: 'none' },
    { ...tool('fetch_webpages', 'none', 'urls max_length_per_url timeout', 'urls'), sandbox: 'none' },
  ]);
});

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

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
  expect(builtinTools()).toHaveLength(13);
});
