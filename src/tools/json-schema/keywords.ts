export type SchemaObject = Readonly<Record<string, unknown>>;
/** A JSON Schema, or one that stands in another. */
export type SchemaNode = SchemaObject | boolean;

/** How a keyword holds other schemas; `items` and `dependencies` may hold something else as well. */
type Holding = 'schema' | 'list' | 'map' | 'schema-or-list';

/** Keywords whose schemas are checked against the same value. */
const inPlace = new Map<string, Holding>([
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
  ['dependentSchemas', 'map'],
  ['dependencies', 'map'],
]);

/** Keywords whose schemas are checked against parts of the value. */
const onParts = new Map<string, Holding>([
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['additionalProperties', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['items', 'schema-or-list'],
  ['prefixItems', 'list'],
  ['additionalItems', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['contains', 'schema'],
]);

const holding = new Map<string, Holding>([...inPlace, ...onParts, ['$defs', 'map'], ['definitions', 'map']]);

export function isInPlace(keyword: string): boolean {
  return inPlace.has(keyword);
}

export function isOnParts(keyword: string): boolean {
  return onParts.has(keyword);
}

export function holdingOf(keyword: string): Holding | undefined {
  return holding.get(keyword);
}

/** The schemas a keyword holds, each with its place below the keyword. */
export function schemasIn(keyword: string, value: unknown): (readonly [place: string, schema: SchemaNode])[] {
  const kind = holding.get(keyword);
  if (kind === undefined || (kind === 'map' && !isRecord(value))) return [];
  const isSpread = kind === 'map' || (kind !== 'schema' && Array.isArray(value));
  const entries: [string, unknown][] = isSpread ? Object.entries(value as object) : [['', value]];
  return entries.filter((entry): entry is [string, SchemaNode] => isSchemaNode(entry[1]));
}

/** The same schema, with each schema in it changed, the innermost first. */
export function mapSchemas(node: SchemaNode, change: (schema: SchemaObject) => SchemaObject): SchemaNode {
  if (typeof node === 'boolean') return node;
  const into = (value: unknown) => (isSchemaNode(value) ? mapSchemas(value, change) : value);
  const entries = Object.entries(node).map(([keyword, value]): [string, unknown] => {
    const kind = holding.get(keyword);
    if (kind === undefined) return [keyword, value];
    if (Array.isArray(value)) return [keyword, value.map(into)];
    if (kind !== 'map' || !isRecord(value)) return [keyword, into(value)];
    return [keyword, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, into(one)]))];
  });
  return change(Object.fromEntries(entries));
}

export function isSchemaNode(value: unknown): value is SchemaNode {
  return typeof value === 'boolean' || isRecord(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
