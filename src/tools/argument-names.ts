/** The names of a schema's properties, in all of its alternatives. */
export function argumentNames(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, allOf, anyOf, oneOf } = schema as Readonly<Record<string, unknown>>;
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const parts = [allOf, anyOf, oneOf].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  return [...own, ...parts.flatMap(argumentNames)];
}
