import { isRecord, type SchemaNode } from './keywords.ts';
import type { SchemaChecker } from './schema-checker.ts';

/** A value that fits, with the defaults of what it leaves out. It is not changed itself. */
export function fillDefaults(checker: SchemaChecker, value: unknown): unknown {
  const fill = (node: SchemaNode | undefined, part: unknown): unknown => {
    if (!isRecord(node) || typeof part !== 'object' || part === null) return part;
    const referred = '$ref' in node ? fill(checker.targetOf(node), part) : part;
    if (checker.standsAlone(node)) return referred;
    const { allOf = [], properties = {}, items } = node;
    const joined = (allOf as SchemaNode[]).reduce((filled, one) => fill(one, filled), referred);
    if (Array.isArray(joined)) return isRecord(items) ? joined.map((item) => fill(items, item)) : joined;
    return fillProperties(joined as object, Object.entries(properties as Record<string, SchemaNode>));
  };
  const fillProperties = (part: object, schemas: readonly (readonly [string, SchemaNode])[]): object => {
    const filled = schemas.flatMap(([name, schema]): [string, unknown][] => {
      const own = Object.getOwnPropertyDescriptor(part, name);
      if (own !== undefined) return [[name, fill(schema, own.value)]];
      return isRecord(schema) && 'default' in schema ? [[name, structuredClone(schema['default'])]] : [];
    });
    return Object.fromEntries([...Object.entries(part), ...filled]);
  };
  return fill(checker.schema, value);
}
