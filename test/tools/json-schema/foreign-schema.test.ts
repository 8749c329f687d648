import { describe, expect, test } from 'vitest';
import { costsMoreThan } from '../../../src/tools/json-schema/count-checks.ts';
import { foreignSchema } from '../../../src/tools/json-schema/foreign-schema.ts';
import { openChecker } from '../../../src/tools/json-schema/read-schema.ts';

type Json = Readonly<Record<string, unknown>>;

const ofA = (a: unknown, more: Json = {}): Json => ({ type: 'object', properties: { a }, ...more });
const nested = (depth: number): unknown => (depth === 0 ? 1 : { c: nested(depth - 1) });

/** Each asks twice for the next. */
const doubled = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => {
    const next = { $ref: `#/$defs/d${index + 1}` };
    return [`d${index}`, { allOf: [next, next] }];
  }),
);
const twice = { c: { $ref: '#/$defs/n' } };
const branching = { anyOf: [{ properties: twice }, { properties: twice, type: 'string' }] };
const addressed = (depth: number): object => (depth === 0 ? {} : { $id: `x${depth}`, not: addressed(depth - 1) });
const depending = (depth: number): object =>
  depth === 0 ? {} : { dependencies: { $id: [`x${depth}`], a: depending(depth - 1) } };
const refused = ['An object is expected'];

describe('a schema of somebody else', () => {
  test.each<[string, Json, unknown, string[]]>([
    ['names', { required: ['q'] }, {}, ['Instance does not have required property "q"']],
    ['types', ofA({ type: 'string' }), { a: 1 }, ['a: Instance type "number" is invalid. Expected "string"']],
    ['choices', ofA({ enum: ['x', 'y'] }), { a: 'z' }, ['a: Instance does not match any of ["x","y"]']],
    ['trees', ofA({ $ref: '#' }), { a: { a: 1 } }, ['a.a: Instance type "number" is invalid. Expected "object"']],
    [
      'what stands beside an expression',
      ofA({ pattern: '^x', maxLength: 2 }),
      { a: 'yyy' },
      ['a: String is too long (3 > 2)'],
    ],
  ])('has %s checked here', (_, schema, args, issues) => {
    expect(foreignSchema(schema)(args)).toEqual({ issues });
  });

  test.each<[string, Json]>([
    ['an expression', ofA({ pattern: '^(a+)+$' })],
    ['an expression that is none', ofA({ pattern: '(' })],
    ['a format', ofA({ format: 'email' })],
    ['an expression it must not fit', ofA({ not: { pattern: '^a' } })],
    ['an expression it depends on', ofA({ if: { pattern: '^b' }, else: false })],
    ['one of two expressions', ofA({ oneOf: [{ pattern: '^a' }, { pattern: '^b' }] })],
    ['expressions for names', { type: 'object', patternProperties: { '^a$': {} }, additionalProperties: false }],
    [
      'expressions for names elsewhere',
      { type: 'object', allOf: [{ patternProperties: { '^a$': {} } }], unevaluatedProperties: false },
    ],
    ['a reference elsewhere', ofA({ $ref: 'https://example.com/a' })],
    [
      'no properties that are any',
      { type: 'object', properties: null, patternProperties: 1, allOf: 'x', items: [null] },
    ],
    ['a dialect of its own', { ...ofA({ type: 'number' }), $schema: 'https://example.com/schema' }],
    ['a reference to itself', ofA({ $ref: '#/properties/a' })],
    [
      'a reference to what is no schema',
      {
        ...ofA({ $ref: '#/dependencies' }),
        dependencies: { pattern: ['^(a+)+$'] },
      },
    ],
    ['addresses within addresses', ofA({ $ref: '#/$defs/n' }, { $defs: { n: addressed(40) } })],
    ['names that look like addresses', ofA({ $ref: '#/$defs/n' }, { $defs: { n: depending(40) } })],
    ['half a character', ofA({ type: 'string' }, { $defs: { '\ud800': {} } })],
    ['references that multiply', ofA({ $ref: '#/$defs/d0' }, { $defs: { ...doubled, d30: { type: 'integer' } } })],
    [
      'a thousand references in a row',
      ofA(
        { $ref: '#/$defs/d0' },
        {
          $defs: Object.fromEntries(
            Array.from({ length: 1_000 }, (_, at) => [`d${at}`, at === 999 ? false : { $ref: `#/$defs/d${at + 1}` }]),
          ),
        },
      ),
    ],
  ])('has %s left to them', (_, schema) => {
    const text = 'a'.repeat(31) + '!';
    expect(foreignSchema(schema)({ a: text })).toEqual({ value: { a: text } });
    expect(foreignSchema(schema)([])).toEqual({ issues: [expect.stringMatching(/object/)] });
  });

  test.each<[string, Json, unknown]>([
    ['branches at each level', ofA({ $ref: '#/$defs/n' }, { $defs: { n: branching } }), nested(40)],
    ['depth', ofA({ type: 'string' }), nested(5_000)],
    [
      'comparing all with all',
      ofA({ uniqueItems: true, type: 'string' }),
      Array.from({ length: 5_000 }, (_, id) => ({ id })),
    ],
    [
      'length',
      ofA({ allOf: Array.from({ length: 1_000 }, () => ({ minLength: 1 })), maxLength: 1 }),
      'x'.repeat(100_000),
    ],
    ['number', ofA({ items: { type: 'string' } }), Array.from({ length: 100_000 }, () => 1)],
  ])('is not checked where its value makes that costly, by %s', (_, schema, a) => {
    const args = { a };
    expect(foreignSchema(schema)(args)).toEqual({ value: args });
  });

  test.each<[string, Json]>([
    ['how many of a list fit an expression', { contains: { pattern: '^b' }, minContains: 0, maxContains: 1 }],
    ['what nobody has looked at', { if: { prefixItems: [{ pattern: '^a' }, true] }, unevaluatedItems: false }],
    ['which of two, and one of two', { anyOf: [true], allOf: [true], oneOf: [{ pattern: '^a' }, false] }],
  ])('has %s left to them', (_, list) => {
    expect(foreignSchema(ofA(list))({ a: ['a', 'a'] })).toEqual({ value: { a: ['a', 'a'] } });
  });

  test('that is nested too deep to be read is left to them', () => {
    const deep = JSON.parse(
      `{"type":"object","properties":{"a":${'{"not":'.repeat(5_000)}{}${'}'.repeat(5_000)}}}`,
    ) as Json;
    expect(foreignSchema(deep)({ a: 1 })).toEqual({ value: { a: 1 } });
    expect(foreignSchema(deep)('x')).toEqual({ issues: refused });
  });

  test('has its defaults left to them', () => {
    expect(foreignSchema(ofA({ default: 1 }))({})).toEqual({ value: {} });
  });
});

describe('what checking costs', () => {
  const checker = openChecker(ofA({ items: { properties: { b: { type: 'string' } } } }));

  test('is counted before anything is checked, and is the same each time', () => {
    const args = { a: Array.from({ length: 10 }, () => ({ b: 'x', c: 'y' })) };
    const limits = Array.from({ length: 300 }, (_, most) => costsMoreThan(most, checker, args));
    const cost = limits.indexOf(false);
    expect(cost).toBeGreaterThan(20);
    expect(limits).toEqual(limits.map((_, most) => most < cost));
  });

  test('grows with the value and not with what the schema does not meet', () => {
    expect(costsMoreThan(20, checker, { a: [] })).toBe(false);
    expect(costsMoreThan(20, checker, { a: Array.from({ length: 10 }, () => ({})) })).toBe(true);
    expect(costsMoreThan(20, checker, { other: Array.from({ length: 1_000 }, () => ({})) })).toBe(false);
  });
});
