import { messageOf } from '../../errors.ts';
import { holdingOf, isRecord, isSchemaNode, schemasIn, type SchemaNode } from './keywords.ts';

interface Kind {
  readonly allowed: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Kind = { allowed: 'text', fits: (value) => typeof value === 'string' };
const number: Kind = { allowed: 'a number', fits: Number.isFinite };
const count: Kind = {
  allowed: 'an integer from 0',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};
const names: Kind = { allowed: 'a list of names', fits: isNames };
const namesByName: Kind = {
  allowed: 'lists of names by names',
  fits: (value) => isRecord(value) && Object.values(value).every(isNames),
};
const yesOrNo: Kind = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' };

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const isType = (value: unknown) => types.includes(value as string);

/** What keywords hold that hold no schemas. What stands under any other is none of a validator's business. */
const kinds = new Map<string, Kind>([
  ['$id', text],
  ['$anchor', text],
  ['$ref', text],
  [
    'type',
    {
      allowed: `one or some of ${types.join(', ')}`,
      fits: (value) => (Array.isArray(value) ? value.every(isType) : isType(value)),
    },
  ],
  ['enum', { allowed: 'a list', fits: Array.isArray }],
  ['required', names],
  ['dependentRequired', namesByName],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, number] as const),
  ['multipleOf', { allowed: 'a number above 0', fits: (value) => Number.isFinite(value) && Number(value) > 0 }],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => [name, count] as const),
  ...['minProperties', 'maxProperties', 'minContains', 'maxContains'].map((name) => [name, count] as const),
  ['uniqueItems', yesOrNo],
  ['format', text],
  ['pattern', text],
]);

const schemaKinds = {
  'schema': { allowed: 'a schema', fits: isSchemaNode },
  'list': { allowed: 'a list of schemas', fits: isSchemaList },
  'map': { allowed: 'schemas by names', fits: (value) => isRecord(value) && Object.values(value).every(isSchemaNode) },
  'schema-or-list': {
    allowed: 'a schema, or a list of them',
    fits: (value) => isSchemaNode(value) || isSchemaList(value),
  },
} satisfies Record<string, Kind>;

const dependencies: Kind = {
  allowed: 'schemas or lists of names by names',
  fits: (value) => isRecord(value) && Object.values(value).every((one) => isSchemaNode(one) || isNames(one)),
};

/** Whether a keyword says anything about values, or about where schemas are. */
export function isRead(keyword: string): boolean {
  return keyword === 'const' || keyword === 'default' || kinds.has(keyword) || holdingOf(keyword) !== undefined;
}

/** References to whatever schema one has come from: our validator passes them over. */
const unknownToUs = ['$dynamicRef', '$recursiveRef'];

/** The first thing in a schema that no validator could make sense of, and where it stands. */
export function findFault(node: SchemaNode, path = ''): string | undefined {
  if (typeof node === 'boolean') return undefined;
  for (const [keyword, value] of Object.entries(node)) {
    const place = joined(path, keyword);
    if (unknownToUs.includes(keyword)) return `${place} is not supported. Write $ref`;
    const kind = kindOf(keyword);
    if (kind !== undefined && !kind.fits(value)) return `${place} must be ${kind.allowed}`;
    const fault = keyword === 'pattern' ? faultOf(String(value), place) : undefined;
    if (fault !== undefined) return fault;
    for (const [name, schema] of schemasIn(keyword, value)) {
      const below = joined(place, name);
      const inner = (keyword === 'patternProperties' && faultOf(name, below)) || findFault(schema, below);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

function kindOf(keyword: string): Kind | undefined {
  const holding = holdingOf(keyword);
  if (keyword === 'dependencies') return dependencies;
  return holding === undefined ? kinds.get(keyword) : schemaKinds[holding];
}

function faultOf(expression: string, place: string): string | undefined {
  try {
    void new RegExp(expression, 'u');
    return undefined;
  } catch (error) {
    return `${place}: ${messageOf(error)}`;
  }
}

function joined(path: string, name: string): string {
  return [path, name].filter((part) => part !== '').join('.');
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isSchemaList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isSchemaNode);
}
