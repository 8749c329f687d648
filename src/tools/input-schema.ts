import { z } from 'zod';
import { SageError, messageOf } from '../errors.ts';

/** The part of Standard Schema (with its JSON Schema extension) that a tool's parameters use. */
interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> };
    readonly types?: { readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A zod schema, any Standard Schema that can give its JSON Schema, or a JSON Schema. */
export type SchemaLike = StandardSchema | Readonly<Record<string, unknown>>;

/** The arguments `execute` gets: the schema's output type, or a plain record where JSON Schema says what it holds. */
export type InferArguments<Schema> = Schema extends {
  readonly '~standard': { readonly types?: { readonly output: infer Output } | undefined };
}
  ? Output
  : Record<string, unknown>;

/** A tool's parameters: what the model is shown, and the check its arguments must pass. */
export interface InputSchema {
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** The checked value (defaults filled in), or what is wrong with it, one line an issue. */
  validate(value: unknown): Promise<{ readonly value: unknown } | { readonly issues: readonly string[] }>;
}

/** @throws {SageError} `invalid-argument` for what is no schema of an object. */
export function toInputSchema(parameters: SchemaLike): InputSchema {
  const standard = isStandardSchema(parameters) ? parameters['~standard'] : fromJsonSchema(parameters);
  const jsonSchema = standard.jsonSchema?.input({ target: 'draft-2020-12' });
  if (jsonSchema?.['type'] !== 'object') throw notAnObjectSchema(jsonSchema);
  const { $schema: _dialect, ...shown } = jsonSchema;
  return {
    // An own JSON Schema is shown as its author wrote it.
    jsonSchema: isStandardSchema(parameters) ? shown : { type: 'object', properties: {}, ...parameters },
    async validate(value) {
      const result = await standard.validate(value);
      return result.issues === undefined ? { value: result.value } : { issues: result.issues.map(describe) };
    },
  };
}

function isStandardSchema(parameters: SchemaLike): parameters is StandardSchema {
  return '~standard' in parameters;
}

function fromJsonSchema(schema: Readonly<Record<string, unknown>>): StandardSchema['~standard'] {
  const { type = 'object' } = schema;
  try {
    // zod's own type of a JSON Schema is narrower than what people write; it throws on what it cannot read.
    return z.fromJSONSchema({ ...schema, type } as z.core.JSONSchema.JSONSchema)['~standard'] as StandardSchema['~standard'];
  } catch (cause) {
    throw new SageError('invalid-argument', `The tool's JSON Schema cannot be read: ${messageOf(cause)}`, {
      option: 'parameters',
      given: schema,
    }, { cause });
  }
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
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
