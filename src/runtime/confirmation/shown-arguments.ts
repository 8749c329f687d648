import type { CallToDecide } from '../../agents/permit.ts';
import type { Tool } from '../../tools/tool.ts';
import { digestOfChecked, toJson } from './digest.ts';

/**
 * What a person is shown of a call, and may change: JSON of which the tool's schema makes the very arguments that were checked.
 *
 * As a rule those arguments themselves, so that defaults are seen. Where the schema would make something else of them, what it
 * was given, with the defaults it has filled in or, failing that, as it is. `undefined` where none of them comes to the same.
 */
export async function shownArguments({ tool, input, args }: CallToDecide): Promise<unknown> {
  const digest = digestOfChecked(args);
  const { jsonSchema } = tool.inputSchema;
  const candidates = [
    () => join(input, args, jsonSchema, (_, made) => made),
    () => join(input, args, jsonSchema, (given) => given),
    () => input,
  ];
  for (const candidate of candidates) {
    const shown = held(candidate);
    if (shown !== undefined && (await digestOfRun(tool, shown)) === digest) return shown;
  }
  return undefined;
}

function held(candidate: () => unknown): unknown {
  try {
    return toJson(candidate());
  } catch {
    // It is deeper than can be walked.
    return undefined;
  }
}

/** That of what a tool's schema makes of this; `undefined` where it does not take it. */
export async function digestOfRun({ inputSchema }: Tool, input: unknown): Promise<string | undefined> {
  try {
    const result = await inputSchema.validate(structuredClone(input));
    return 'issues' in result ? undefined : digestOfChecked(result.value);
  } catch {
    // A schema may throw at what another of its own would have made.
    return undefined;
  }
}

type Schema = Readonly<Record<string, unknown>>;

/** What a schema was given and what it has made of it in one: of each value `pick`, of an object what is a parameter. */
function join(
  given: unknown,
  made: unknown,
  schema: Schema,
  pick: (given: unknown, made: unknown) => unknown,
): unknown {
  if (Array.isArray(given) && Array.isArray(made) && given.length === made.length)
    return given.map((one, place) => join(one, made[place], at(schema, 'items') ?? {}, pick));
  if (!isPlain(given) || !isPlain(made)) return pick(given, made);
  const named = at(schema, 'properties');
  const names = new Set([...Object.keys(given), ...Object.keys(made)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, unknown][] => {
      const isGiven = Object.hasOwn(given, name);
      const isMade = Object.hasOwn(made, name);
      if (isGiven && isMade) return [[name, join(given[name], made[name], at(named, name) ?? {}, pick)]];
      // What is only in one may be a name that the schema has given up or made up.
      if (named !== undefined && !Object.hasOwn(named, name)) return [];
      return [[name, isGiven ? given[name] : made[name]]];
    }),
  );
}

function at(schema: Schema | undefined, name: string): Schema | undefined {
  const part = schema !== undefined && Object.hasOwn(schema, name) ? schema[name] : undefined;
  return isPlain(part) ? part : undefined;
}

/** An object as JSON has it, and no date or set. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
