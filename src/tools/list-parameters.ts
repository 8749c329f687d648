/** Says what a tool takes, for a model that got it wrong: the names, and which it may leave out. */
export function listParameters(jsonSchema: Readonly<Record<string, unknown>>): string {
  const { properties, required } = jsonSchema;
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  if (names.length === 0) return 'It takes no arguments.';
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  return `It takes: ${names.map((name) => (isRequired(name) ? name : `${name} (optional)`)).join(', ')}.`;
}
