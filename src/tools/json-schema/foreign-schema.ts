import { costsMoreThan, isNestedTooDeep } from './count-checks.ts';
import type { Checked } from './host-schema.ts';
import { isRecord, mapSchemas, type SchemaObject } from './keywords.ts';
import { allSchemas, checkedCopy, openChecker, UnreadableSchema } from './read-schema.ts';
import type { SchemaChecker } from './schema-checker.ts';

/** Some tens of milliseconds of checking, at the worst. */
const mostSteps = 50_000;

/**
 * What checks arguments against a schema that somebody else has written, who checks them too. Expressions of theirs are not run
 * here, and where checking could take too long, or the schema cannot be read, only an object is asked for. Defaults are theirs
 * to fill in.
 */
export function foreignSchema(schema: SchemaObject): (value: unknown) => Checked {
  let read: { readonly checker: SchemaChecker | undefined } | undefined;
  return (value) => {
    const { checker } = (read ??= { checker: readIfPossible(schema) });
    const isChecked = checker !== undefined && !costsMoreThan(mostSteps, checker, value);
    const issues = isChecked ? checker.issuesOf(value) : issuesOfNoObject(value);
    return issues.length === 0 ? { value } : { issues };
  };
}

function readIfPossible(schema: SchemaObject): SchemaChecker | undefined {
  if (isNestedTooDeep(schema)) return undefined;
  try {
    const copy = checkedCopy(withoutExpressions(schema));
    return hasOwnAddresses(copy) ? undefined : openChecker(copy);
  } catch (error) {
    if (error instanceof UnreadableSchema) return undefined;
    throw error;
  }
}

/** Each `$id` within another makes the validator go through what is below it twice. */
function hasOwnAddresses(schema: SchemaObject): boolean {
  return [...allSchemas(schema)].some((one) => one !== schema && '$id' in one);
}

function issuesOfNoObject(value: unknown): string[] {
  return isRecord(value) ? [] : ['An object is expected'];
}

const withExpressions = ['pattern', 'patternProperties', 'format'];
/** What could refuse more when the schemas in it, or beside it, refuse less. */
const turning = ['not', 'if', 'then', 'else', 'maxContains', 'unevaluatedProperties', 'unevaluatedItems'];

/** A schema that refuses nothing the given one takes, and has no expression in it. */
function withoutExpressions(schema: SchemaObject): SchemaObject {
  const hasExpressions = [...allSchemas(schema)].some((one) => withExpressions.some((keyword) => keyword in one));
  return hasExpressions ? (mapSchemas(schema, weaker) as SchemaObject) : schema;
}

function weaker(schema: SchemaObject): SchemaObject {
  const left = [
    ...withExpressions,
    ...turning,
    'oneOf',
    ...('patternProperties' in schema ? ['additionalProperties'] : []),
  ];
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !left.includes(keyword)));
  if (!Array.isArray(schema['oneOf'])) return kept;
  // More than one may fit now.
  const { allOf } = kept;
  return { ...kept, allOf: [...(Array.isArray(allOf) ? (allOf as unknown[]) : []), { anyOf: schema['oneOf'] }] };
}
