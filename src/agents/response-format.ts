import { isSageError, type SageError } from '../errors.ts';
import type { ChatModel } from '../model/model.ts';
import type { AnswerShape } from './answer-shape.ts';

/** Structured output knows these everywhere; of the others a server may refuse the whole schema. */
const keywords = ['type', 'properties', 'required', 'enum', 'additionalProperties', 'description', 'items', 'anyOf'];

/** The `response_format` that asks for a shape. What it leaves out of the schema is for the check of the answer alone. */
export function responseFormatOf({ name, jsonSchema }: AnswerShape<unknown>): Readonly<Record<string, unknown>> {
  return { type: 'json_schema', json_schema: { name, schema: withKnownKeywords(jsonSchema), strict: true } };
}

function withKnownKeywords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withKnownKeywords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const known = Object.entries(schema).filter(([keyword]) => keywords.includes(keyword));
  return Object.fromEntries(known.map(([keyword, value]) => [keyword, withKnownInside(keyword, value)]));
}

/** The keys of `properties` are names, and what stands in `required`, `enum` and the like is no schema. */
function withKnownInside(keyword: string, value: unknown): unknown {
  if (keyword === 'items' || keyword === 'anyOf' || keyword === 'additionalProperties') return withKnownKeywords(value);
  if (keyword !== 'properties' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, withKnownKeywords(schema)]));
}

/** Which shapes a model is asked for in words only: all of them, where it has no structured output. */
type Refused = 'all' | Set<AnswerShape<unknown>>;

/** What servers have refused, by client and name of the model: one client may serve models that can and models that cannot. */
const refused = new WeakMap<ChatModel, Map<string, Refused>>();

export function takesFormat(client: ChatModel, model: string, shape: AnswerShape<unknown>): boolean {
  const known = refused.get(client)?.get(model);
  return known === undefined || (known !== 'all' && !known.has(shape));
}

/** Whether a formatted request may have failed for its format. Only the same request without it tells. */
export function mayBeFormat(error: SageError): boolean {
  if (!isSageError(error, 'model-error')) return false;
  return error.facts.status === 400 || error.facts.status === 422 || namesFormat(error);
}

/** To be called when the request succeeded without its format. */
export function rememberRefusal(client: ChatModel, model: string, shape: AnswerShape<unknown>, error: SageError): void {
  const models = refused.get(client) ?? new Map<string, Refused>();
  refused.set(client, models);
  const known = models.get(model) ?? new Set();
  if (namesFormat(error) && !isAboutSchema(error)) models.set(model, 'all');
  else if (known !== 'all') models.set(model, known.add(shape));
}

function namesFormat({ message }: SageError): boolean {
  return /response_format|json_schema|structured/i.test(message);
}

function isAboutSchema({ message }: SageError): boolean {
  return /invalid[ _](json[ _])?schema|not permitted/i.test(message);
}
