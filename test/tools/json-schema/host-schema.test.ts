import { describe, expect, test } from 'vitest';
import { hostSchema } from '../../../src/tools/json-schema/host-schema.ts';
import { defineTool } from '../../../src/tools/tool.ts';

type Json = Readonly<Record<string, unknown>>;

/** Of an object with a single property, `a`. */
const ofA = (a: unknown, more: Json = {}): Json => ({ type: 'object', properties: { a }, ...more });
const node = { type: 'object', properties: { name: { type: 'string' }, below: { items: { $ref: '#/$defs/node' } } } };
const pathOrUrl = { oneOf: [{ required: ['path'] }, { required: ['url'] }] };

describe('arguments that fit a JSON Schema', () => {
  test.each<[string, Json, Json]>([
    ['one of several sets of names', pathOrUrl, { path: 'x' }],
    ['a relative address', ofA({ format: 'uri-reference' }), { a: '/docs/a.md' }],
    ['a letter of any alphabet', ofA({ pattern: '^\\p{Lu}' }), { a: 'Ä' }],
    ['an object of a list', ofA({ enum: [{ x: 1 }, { x: 2 }] }), { a: { x: 2 } }],
    ['any UUID', ofA({ format: 'uuid' }), { a: '11111111-1111-1111-1111-111111111111' }],
    ['an integer of any size', ofA({ type: 'integer' }), { a: 2 ** 60 }],
    ['a tree', ofA({ $ref: '#/$defs/node' }, { $defs: { node } }), { a: { name: 'x', below: [{ below: [] }] } }],
    ['what the schema does not speak of', ofA({}), { b: [1] }],
    ['a format nobody knows', ofA({ format: 'colour' }), { a: 'blue' }],
    ['a format that is none of JSON Schema', ofA({ format: 'url' }), { a: 'no address' }],
    ['not: what it is not', ofA({ not: { type: 'string' } }), { a: 1 }],
    [
      'in draft-07 what stands beside a $ref',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        ...ofA({ $ref: '#/definitions/t', maxLength: 2 }),
        definitions: { t: {} },
      },
      { a: 'xxxx' },
    ],
  ])('%s', (_, schema, args) => {
    expect(hostSchema(schema)(args)).toEqual({ value: args });
  });
});

describe('arguments that do not fit a JSON Schema', () => {
  test.each<[string, Json, Json, string[]]>([
    ['a name among no properties', { required: ['q'] }, {}, ['Instance does not have required property "q"']],
    [
      'none of several sets of names',
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      [
        'Instance does not match any subschemas: Instance does not have required property "a" – or Instance does not have required property "b"',
      ],
    ],
    [
      'two of them where one may be',
      pathOrUrl,
      { path: 'x', url: 'y' },
      ['Instance does not match exactly one subschema (2 matches)'],
    ],
    ['a length without a type', ofA({ minLength: 3 }), { a: 'x' }, ['a: String is too short (1 < 3)']],
    ['a number without a type', ofA({ minimum: 3 }), { a: 1 }, ['a: 1 is less than 3']],
    ['a list without a type', ofA({ minItems: 1 }), { a: [] }, ['a: Array has too few items (0 < 1)']],
    [
      'what stands beside a $ref',
      ofA({ $ref: '#/$defs/t', maxLength: 2 }, { $defs: { t: {} } }),
      { a: 'xxxx' },
      ['a: String is too long (4 > 2)'],
    ],
    [
      'deep in a tree',
      ofA({ $ref: '#/$defs/node' }, { $defs: { node } }),
      { a: { below: [{}, { name: 1 }] } },
      ['a.below.1.name: Instance type "number" is invalid. Expected "string"'],
    ],
    [
      'under definitions, without a dialect',
      ofA({ $ref: '#/definitions/t' }, { definitions: { t: { type: 'string' } } }),
      { a: 1 },
      ['a: Instance type "number" is invalid. Expected "string"'],
    ],
    [
      'like another property',
      { properties: { a: { type: 'string' }, b: { $ref: '#/properties/a' } } },
      { b: 1 },
      ['b: Instance type "number" is invalid. Expected "string"'],
    ],
    [
      'a condition',
      { if: { required: ['a'] }, else: { required: ['b'] } },
      {},
      ['Instance does not have required property "b"'],
    ],
    [
      'names that need others, as draft-07 has it',
      { dependencies: { a: ['b'], c: { required: ['d'] } }, allOf: [{ maxProperties: 2 }] },
      { a: 1, c: 1, e: 1 },
      [
        'Instance does not have at least 2 properties',
        'Instance has "a" but does not have "b"',
        'Instance has "c" but does not match dependant schema',
        'Instance does not have required property "d"',
      ],
    ],
    [
      'a name that needs another',
      { dependentRequired: { a: ['b'] } },
      { a: 1 },
      ['Instance has "a" but does not have "b"'],
    ],
    ['what it must not be', ofA({ not: { type: 'string' } }), { a: 'x' }, ['a: Instance matched "not" schema']],
    ['names it does not know', ofA({}, { additionalProperties: false }), { 'b/c~d %ü': 1 }, ['b/c~d %ü: Not allowed']],
    [
      'each item by its own kinds',
      ofA({ items: { anyOf: [{ type: 'string' }, false] } }),
      { a: [1, 'x', 2] },
      [
        'a.0: Instance does not match any subschemas: a.0: Instance type "number" is invalid. Expected "string", a.0: Not allowed',
        'a.2: Instance does not match any subschemas: a.2: Instance type "number" is invalid. Expected "string", a.2: Not allowed',
      ],
    ],
  ])('%s', (_, schema, args, issues) => {
    expect(hostSchema(schema)(args)).toEqual({ issues });
  });
});

describe('defaults of a JSON Schema', () => {
  const limited = { type: 'object', properties: { limit: { type: 'integer', default: 10 } }, required: ['limit'] };

  test('are filled in at any depth, also where the name is required', () => {
    const schema = ofA({ items: { $ref: '#/$defs/limited' } }, { $defs: { limited }, allOf: [ofA({}), limited] });
    expect(hostSchema(schema)({ a: [{}, { limit: 1, x: 2 }] })).toEqual({
      value: { a: [{ limit: 10 }, { limit: 1, x: 2 }], limit: 10 },
    });
  });

  test('change neither the arguments nor each other', () => {
    const check = hostSchema(ofA({ default: { list: [] } }));
    const given = {};
    const first = check(given) as { value: { a: { list: unknown[] } } };
    first.value.a.list.push('mine');
    expect([given, check(given)]).toEqual([{}, { value: { a: { list: [] } } }]);
  });
});

describe('a JSON Schema that nothing can be checked against', () => {
  test.each<[string, Json, string]>([
    ['a type there is not', ofA({ type: 'text' }), 'properties.a.type must be one or some of array, boolean'],
    [
      'a length that is none',
      ofA({ anyOf: [{ minLength: -1 }] }),
      'properties.a.anyOf.0.minLength must be an integer from 0',
    ],
    ['a list that is none', ofA({ allOf: {} }), 'properties.a.allOf must be a list of schemas'],
    ['a broken expression', ofA({ pattern: '(' }), 'properties.a.pattern: Invalid regular expression'],
    [
      'a broken expression for names',
      { patternProperties: { '[': {} } },
      'patternProperties.[: Invalid regular expression',
    ],
    ['a reference to nothing', ofA({ $ref: '#/$defs/no' }), '$ref "#/$defs/no" leads to no schema'],
    [
      'a reference elsewhere',
      ofA({ $ref: 'https://example.com/a' }),
      '$ref "https://example.com/a" leads to no schema',
    ],
    ['a reference that is no address', ofA({ $ref: 'http://[' }), 'Invalid URL'],
    ['a reference to itself', ofA({ $ref: '#/properties/a' }), '$ref "#/properties/a" leads back to itself'],
    [
      'a circle',
      ofA({}, { $defs: { b: { anyOf: [{ $ref: '#/$defs/c' }] }, c: { not: { $ref: '#/$defs/b' } } } }),
      'leads back to itself',
    ],
    ['a reference that depends', ofA({ $dynamicRef: '#a' }), 'properties.a.$dynamicRef is not supported'],
    [
      'another dialect',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      '$schema names a dialect that is not known',
    ],
  ])('for %s is refused when its tool is defined', (_, parameters, why) => {
    const refusal = expect.objectContaining({
      code: 'invalid-argument',
      facts: expect.objectContaining({ option: 'parameters' }),
      message: expect.stringContaining(`The tool's JSON Schema cannot be read, so nothing can be checked against it: `),
    });
    const define = () => defineTool({ name: 'look', description: '', parameters, execute: () => 1 });
    expect(define).toThrow(refusal);
    expect(define).toThrow(why);
  });

  test('is left as its author wrote it, read or not', () => {
    const schema = Object.freeze(
      ofA(Object.freeze({ '$ref': '#/$defs/t', 'x-mine': 1 }), { $defs: Object.freeze({ t: {} }) }),
    );
    const before = JSON.stringify(schema);
    hostSchema(schema)({ a: 1 });
    expect(JSON.stringify(schema)).toBe(before);
  });
});
