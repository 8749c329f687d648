import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toInputSchema, type SchemaLike } from '../../src/tools/input-schema.ts';

const place = { type: 'object', properties: { at: { type: 'array', items: { type: 'number' } } } } as const;

/** The same parameters, once in each way of saying it, and how each says what is wrong. */
const schemas: readonly (readonly [string, SchemaLike, (wanted: string, given: string) => string])[] = [
  [
    'zod',
    z.object({ path: z.string(), limit: z.int().default(10), place: z.object({ at: z.array(z.number()) }).optional() }),
    (wanted, given) => `Invalid input: expected ${wanted}, received ${given}`,
  ],
  [
    'JSON Schema',
    {
      type: 'object',
      properties: { path: { type: 'string' }, limit: { type: 'integer', default: 10 }, place },
      required: ['path'],
    },
    (wanted, given) => `Instance type "${given}" is invalid. Expected "${wanted}"`,
  ],
];

describe.each(schemas)('parameters in %s', (_, parameters, wrong) => {
  const schema = toInputSchema(parameters);

  test('are shown to the model as a JSON Schema of an object', () => {
    expect(schema.jsonSchema).toMatchObject({
      type: 'object',
      properties: { path: { type: 'string' }, limit: { type: 'integer', default: 10 }, place },
      required: ['path'],
    });
    expect(schema.jsonSchema).not.toHaveProperty('$schema');
  });

  test('have their defaults filled in', async () => {
    expect(await schema.validate({ path: 'a' })).toEqual({ value: { path: 'a', limit: 10 } });
  });

  test('are refused with every issue, each by its path', async () => {
    expect(await schema.validate({ path: 1, place: { at: [1, 'b'] } })).toEqual({
      issues: [`path: ${wrong('string', 'number')}`, `place.at.1: ${wrong('number', 'string')}`],
    });
  });

  test.each([
    [null, 'null'],
    [3, 'number'],
    ['a', 'string'],
    [[], 'array'],
  ])('are refused as a whole when they are %j', async (value, kind) => {
    expect(await schema.validate(value)).toEqual({ issues: [wrong('object', kind)] });
  });
});

describe('parameters in a Standard Schema', () => {
  const schema = toInputSchema({
    '~standard': {
      vendor: 'mine',
      jsonSchema: { input: () => ({ $schema: 'x', type: 'object', properties: { n: {} } }) },
      validate: async (value: unknown) =>
        typeof value === 'object'
          ? { value: { n: 1 } }
          : { issues: [{ message: 'no', path: ['a', { key: 'b' }] }, { message: 'none' }] },
    },
  });

  test('are shown as the schema tells', () => {
    expect(schema.jsonSchema).toEqual({ type: 'object', properties: { n: {} } });
  });

  test('are what the schema makes of them', async () => {
    expect(await schema.validate({})).toEqual({ value: { n: 1 } });
    expect(await schema.validate('x')).toEqual({ issues: ['a.b: no', 'none'] });
  });
});

describe('a JSON Schema', () => {
  test('is shown as its author wrote it', () => {
    const parameters = { 'type': 'object', 'properties': { a: { type: 'string', examples: ['x'] } }, 'x-mine': true };
    expect(toInputSchema(parameters).jsonSchema).toEqual(parameters);
  });

  test('without a type is one of an object', async () => {
    const schema = toInputSchema({ properties: { a: { type: 'string' } } });
    expect(schema.jsonSchema['type']).toBe('object');
    expect(await schema.validate({ a: 'x' })).toEqual({ value: { a: 'x' } });
  });
});
