import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../src/tools/tool.ts';
import { toolContext } from './helpers.ts';

const execute = () => 'done';
const refusal = (option: string) =>
  expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option }) });

describe('a tool', () => {
  test('takes no arguments, has effects, needs no approval and no sandbox, unless it says so', () => {
    expect(defineTool({ name: 'look', description: 'Looks.', execute })).toMatchObject({
      name: 'look',
      description: 'Looks.',
      inputSchema: { jsonSchema: { type: 'object', properties: {} } },
      effect: 'once',
      approval: 'allow',
      outputLimitBytes: 262_144,
      sandbox: 'none',
    });
  });

  test('is what it says', () => {
    const said = { effect: 'none', approval: 'ask', sandbox: 'needed', timeoutMs: 5 } as const;
    expect(defineTool({ name: 'look', description: 'Looks.', execute, ...said })).toMatchObject(said);
  });

  test('may be a method that uses its own object', () => {
    const options = { name: 'count', description: 'Counts.', total: 3, execute: countUp };
    function countUp(this: { total: number }): number {
      return this.total;
    }
    expect(defineTool(options).execute({}, toolContext())).toBe(3);
  });

  test.each(['a', 'file_read-2', 'x'.repeat(64)])('may be named %j', (name) => {
    expect(defineTool({ name, description: '', execute }).name).toBe(name);
  });

  test.each(['', 'two words', 'ümlaut', 'a.b', 'x'.repeat(65)])('cannot be named %j', (name) => {
    expect(() => defineTool({ name, description: '', execute })).toThrow(refusal('name'));
  });

  test.each([
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['outputLimitBytes', 1_023],
    ['outputLimitBytes', Infinity],
    ['concurrency', 0],
    ['concurrency', 1.5],
  ])('cannot have %s %d', (option, given) => {
    expect(() => defineTool({ name: 'look', description: '', execute, [option]: given })).toThrow(refusal(option));
  });

  test.each([
    ['shell.command', {}],
    ['shell.command', { command: 'cmd' }],
    ['shell.folder', { command: 'line', folder: 'cwd' }],
    ['shell.environment', { command: 'line', environment: 'env' }],
  ])('cannot have a shell without its argument: %s', (option, shell) => {
    const parameters = z.object({ line: z.string() });
    const options = { name: 'run', description: '', parameters, execute, shell: shell as { command: string } };
    expect(() => defineTool(options)).toThrow(refusal(option));
  });

  test('says which argument a shell is given, of each shape it may have', () => {
    const shell = { command: 'line', folder: 'at' };
    const parameters = z.union([z.object({ line: z.string() }), z.object({ line: z.string(), at: z.string() })]);
    const jsonSchema = { type: 'object', ...z.toJSONSchema(parameters) };
    expect(defineTool({ name: 'run', description: '', parameters: jsonSchema, execute, shell }).shell).toEqual(shell);
  });

  test.each([
    ['a list', z.array(z.string())],
    ['text', z.string()],
    ['a JSON Schema of a list', { type: 'array' }],
    ['a JSON Schema of object or null', { type: ['object', 'null'] }],
    [
      'a Standard Schema that has no JSON Schema',
      { '~standard': { vendor: 'x', validate: (value: unknown) => ({ value }) } },
    ],
  ])('cannot take %s', (_, parameters) => {
    expect(() => defineTool({ name: 'look', description: '', parameters, execute })).toThrow(refusal('parameters'));
  });
});
