import type { SchemaDraft } from '@cfworker/json-schema';
import { messageOf } from '../../errors.ts';
import { findFault, isRead } from './check-keywords.ts';
import { isRecord, isSchemaNode, mapSchemas, schemasIn, type SchemaNode, type SchemaObject } from './keywords.ts';
import { loadValidator } from './load-validator.ts';
import { SchemaChecker, type Addresses } from './schema-checker.ts';

/** By what stands in `$schema`, of which a `#` at its end is no part. */
const drafts = new Map<string, SchemaDraft>([
  ['http://json-schema.org/draft-06/schema', '7'],
  ['http://json-schema.org/draft-07/schema', '7'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
]);

/** Why nothing can be checked against a schema. */
export class UnreadableSchema extends Error {}

/**
 * A copy of a JSON Schema of draft-06 to 2020-12, which is what counts where none is named.
 *
 * @throws {UnreadableSchema} for a keyword that holds what it cannot hold, and for another dialect.
 */
export function checkedCopy(schema: SchemaObject): SchemaObject {
  const copy = JSON.parse(JSON.stringify(schema)) as SchemaObject;
  const fault = findFault(copy);
  if (fault !== undefined) throw new UnreadableSchema(fault);
  draftOf(copy);
  return copy;
}

export function hasReferences(schema: SchemaObject): boolean {
  return [...allSchemas(schema)].some((one) => '$ref' in one);
}

/**
 * Makes what checks against a schema, which has been checked itself.
 *
 * @throws {UnreadableSchema} for a reference that leads to no schema.
 */
export function openChecker(schema: SchemaObject): SchemaChecker {
  const refers = hasReferences(schema);
  const read = mapSchemas(schema, (one) => onlyWhatIsRead(one, refers)) as SchemaObject;
  const checker = new SchemaChecker(read, draftOf(schema), addressesIn(read));
  for (const one of allSchemas(read)) {
    if ('$ref' in one && checker.targetOf(one) === undefined) {
      throw new UnreadableSchema(`$ref ${JSON.stringify(one['$ref'])} leads to no schema`);
    }
  }
  return checker;
}

/** Every schema in a schema, and itself. */
export function* allSchemas(node: SchemaNode): Generator<SchemaObject> {
  if (typeof node === 'boolean') return;
  yield node;
  for (const [keyword, value] of Object.entries(node)) {
    for (const [, schema] of schemasIn(keyword, value)) yield* allSchemas(schema);
  }
}

function draftOf({ $schema: named = 'https://json-schema.org/draft/2020-12/schema' }: SchemaObject): SchemaDraft {
  const draft = drafts.get(String(named).replace(/#$/, ''));
  if (draft !== undefined) return draft;
  const known = [...drafts.keys()].join(', ');
  throw new UnreadableSchema(`$schema names a dialect that is not known. Known: ${known}`);
}

function onlyWhatIsRead({ dependencies, ...schema }: SchemaObject, refers: boolean): SchemaObject {
  const isKept = ([keyword, value]: [string, unknown]) => {
    if (keyword === '$id' || keyword === '$anchor') return refers;
    // No format of JSON Schema, and the validator's expression for it takes twice the time for a letter more.
    if (keyword === 'format') return value !== 'url';
    return isRead(keyword);
  };
  const kept = Object.fromEntries(Object.entries(schema).filter(isKept));
  return isRecord(dependencies) ? withDependencies(kept, dependencies) : kept;
}

/** In the words of later drafts: the validator takes the names in `dependencies` for keywords. */
function withDependencies(schema: SchemaObject, dependencies: SchemaObject): SchemaObject {
  const { allOf = [] } = schema;
  const those = (isWanted: (value: unknown) => boolean) =>
    Object.fromEntries(Object.entries(dependencies).filter(([, value]) => isWanted(value)));
  const dependent = { dependentRequired: those(Array.isArray), dependentSchemas: those(isSchemaNode) };
  return { ...schema, allOf: [...(allOf as SchemaNode[]), dependent] };
}

/** Where schemas are, by their addresses, which the validator works out. */
function addressesIn(schema: SchemaObject): Addresses {
  try {
    return loadValidator().dereference(schema);
  } catch (cause) {
    throw new UnreadableSchema(messageOf(cause), { cause });
  }
}
