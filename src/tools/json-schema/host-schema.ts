import { SageError } from '../../errors.ts';
import { fillDefaults } from './fill-defaults.ts';
import { isRecord, mapSchemas, type SchemaObject } from './keywords.ts';
import { allSchemas, checkedCopy, hasReferences, openChecker, UnreadableSchema } from './read-schema.ts';
import type { SchemaChecker } from './schema-checker.ts';

/** The value with its defaults filled in, or what is wrong with it, one line an issue. */
export type Checked = { readonly value: unknown } | { readonly issues: readonly string[] };

/**
 * What checks arguments against a schema of the host's, whole.
 *
 * @throws {SageError} `invalid-argument` for a schema that nothing can be checked against.
 */
export function hostSchema(schema: SchemaObject): (value: unknown) => Checked {
  let checker = checkNow(schema);
  return (value) => {
    checker ??= open(checkedCopy(schema));
    const issues = checker.issuesOf(value);
    return issues.length === 0 ? { value: fillDefaults(checker, value) } : { issues };
  };
}

/** Opens the checker only where there are references to follow: many tools are defined and never called. */
function checkNow(schema: SchemaObject): SchemaChecker | undefined {
  try {
    const copy = checkedCopy(schema);
    return hasReferences(copy) ? open(copy) : undefined;
  } catch (cause) {
    if (!(cause instanceof UnreadableSchema)) throw cause;
    const message = `The tool's JSON Schema cannot be read, so nothing can be checked against it: ${cause.message}.`;
    throw new SageError('invalid-argument', message, { option: 'parameters', given: schema }, { cause });
  }
}

function open(copy: SchemaObject): SchemaChecker {
  const checker = openChecker(mapSchemas(copy, withoutFilledIn) as SchemaObject);
  refuseCircles(checker);
  return checker;
}

/** What has a default need not be given. */
function withoutFilledIn(schema: SchemaObject): SchemaObject {
  const { required, properties } = schema;
  if (!Array.isArray(required) || !isRecord(properties)) return schema;
  const hasDefault = (name: unknown) => {
    const property = Object.hasOwn(properties, String(name)) ? properties[String(name)] : undefined;
    return isRecord(property) && 'default' in property;
  };
  return { ...schema, required: required.filter((name) => !hasDefault(name)) };
}

/** Schemas that refer to each other without a step into the value: checking would never end. */
function refuseCircles(checker: SchemaChecker): void {
  const done = new Set<SchemaObject>();
  const open = new Set<SchemaObject>();
  const visit = (schema: SchemaObject) => {
    if (done.has(schema)) return;
    if (open.has(schema)) throw new UnreadableSchema(`$ref ${JSON.stringify(schema['$ref'])} leads back to itself`);
    open.add(schema);
    for (const beside of checker.besides(schema)) if (isRecord(beside)) visit(beside);
    open.delete(schema);
    done.add(schema);
  };
  for (const schema of allSchemas(checker.schema)) visit(schema);
}
