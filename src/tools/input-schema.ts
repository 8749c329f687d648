import { SageError } from '../errors.ts';
import { hostSchema } from './json-schema/host-schema.ts';

/** The part of Standard Schema (with its JSON Schema extension) that a tool's parameters use. */
interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
    readonly types?: { readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** zod's: what each of several schemas had to say, of which one would have done. */
  readonly errors?: unknown;
}

/** A zod schema, any Standard Schema that can give its JSON Schema, or a JSON Schema. */
export type SchemaLike = StandardSchema | Readonly<Record<string, unknown>>;

/** The arguments `execute` gets: the schema's output type, or what a JSON Schema written in place says. */
export type InferArguments<Schema> = Schema extends {
  readonly '~standard': { readonly types?: { readonly output: infer Output } | undefined };
}
  ? Output
  : ObjectOf<Schema>;

/** The value a JSON Schema describes, as far as its `type`, `enum`, `properties` and `items` tell. */
type ValueOf<Schema> = Schema extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : Schema extends { readonly type: infer Type }
    ? Type extends 'string'
      ? string
      : Type extends 'integer' | 'number'
        ? number
        : Type extends 'boolean'
          ? boolean
          : Type extends 'array'
            ? (Schema extends { readonly items: infer Items } ? ValueOf<Items> : unknown)[]
            : Type extends 'object'
              ? ObjectOf<Schema>
              : unknown
    : unknown;

type ObjectOf<Schema> = Schema extends { readonly properties: infer Properties }
  ? { [Name in GivenNames<Schema, Properties>]: ValueOf<Properties[Name]> } & {
      [Name in Exclude<keyof Properties, GivenNames<Schema, Properties>>]?: ValueOf<Properties[Name]>;
    }
  : Record<string, unknown>;

/** Required, or filled in by their default. */
type GivenNames<Schema, Properties> = {
  [Name in keyof Properties]: Properties[Name] extends { readonly default: unknown }
    ? Name
    : Schema extends { readonly required: readonly (infer Required)[] }
      ? Name extends Required
        ? Name
        : never
      : never;
}[keyof Properties];

/** A tool's parameters: what the model is shown, and the check its arguments must pass. */
export interface InputSchema {
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** The checked value (defaults filled in), or what is wrong with it, one line an issue. */
  validate(value: unknown): Promise<{ readonly value: unknown } | { readonly issues: readonly string[] }>;
}

/** @throws {SageError} `invalid-argument` for what is no schema of an object, and for a JSON Schema that cannot be read. */
export function toInputSchema(parameters: SchemaLike): InputSchema {
  return isStandardSchema(parameters) ? ofStandardSchema(parameters) : ofJsonSchema(parameters);
}

function isStandardSchema(parameters: SchemaLike): parameters is StandardSchema {
  return '~standard' in parameters;
}

function ofStandardSchema({ '~standard': standard }: StandardSchema): InputSchema {
  const { $schema: _dialect, ...jsonSchema } = standard.jsonSchema?.input({ target: 'draft-2020-12' }) ?? {};
  if (jsonSchema['type'] !== 'object') throw notAnObjectSchema(jsonSchema);
  return {
    jsonSchema,
    async validate(value) {
      const result = await standard.validate(value);
      return result.issues === undefined ? { value: result.value } : { issues: result.issues.map(describe) };
    },
  };
}

function ofJsonSchema(schema: Readonly<Record<string, unknown>>): InputSchema {
  const jsonSchema = asObjectSchema(schema);
  const check = hostSchema(jsonSchema);
  return { jsonSchema, validate: async (value) => check(value) };
}

/** A JSON Schema as its author wrote it, which need not say that it is one of an object. */
export function asObjectSchema(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const jsonSchema = { type: 'object', properties: {}, ...schema };
  if (jsonSchema.type !== 'object') throw notAnObjectSchema(jsonSchema);
  return jsonSchema;
}

function notAnObjectSchema(given: unknown): SageError {
  return new SageError(
    'invalid-argument',
    'A tool takes an object: give a zod object, a Standard Schema with JSON Schema support, or a JSON Schema of type "object".',
    { option: 'parameters', given, allowed: 'a schema of an object' },
  );
}

function describe(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const message = [issue.message, ...alternatives(issue)].join(': ');
  return path === '' ? message : `${path}: ${message}`;
}

function alternatives({ errors }: StandardIssue): string[] {
  if (!Array.isArray(errors)) return [];
  const branches = errors.filter((branch): branch is StandardIssue[] => Array.isArray(branch) && branch.length > 0);
  const said = new Set(branches.map((branch) => branch.map(describe).join(', ')));
  return said.size === 0 ? [] : [[...said].join(' – or ')];
}
