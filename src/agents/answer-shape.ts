import { toInputSchema, type InferArguments } from '../tools/input-schema.ts';

/** What a model is asked to answer with: a JSON object of a known shape. */
export interface AnswerShape<Answer> {
  /** Letters, digits and `_`: what the request calls it. */
  readonly name: string;
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** What the text says, or what is wrong with it, one line an issue. A fence around the JSON is no fault. */
  read(text: string): Promise<{ readonly answer: Answer } | { readonly issues: readonly string[] }>;
}

/**
 * Made of a JSON Schema `as const`, from which the type of the answer follows. `check` gives the issues that such a schema has no words
 * for.
 */
export function defineAnswer<const Schema extends Readonly<Record<string, unknown>>>(
  name: string,
  schema: Schema,
  check: (answer: InferArguments<Schema>) => readonly string[] = () => [],
): AnswerShape<InferArguments<Schema>> {
  const checker = toInputSchema(schema);
  return {
    name,
    jsonSchema: checker.jsonSchema,
    async read(text) {
      const value = parse(text);
      if (value === undefined) return { issues: ['It is not JSON.'] };
      const checked = await checker.validate(value);
      if ('issues' in checked) return checked;
      const answer = checked.value as InferArguments<Schema>;
      const issues = check(answer);
      return issues.length === 0 ? { answer } : { issues };
    },
  };
}

function parse(text: string): unknown {
  const [, fenced = text] = /^\s*```(?:json)?\s*\n(.*)\n\s*```\s*$/s.exec(text) ?? [];
  try {
    return JSON.parse(fenced);
  } catch {
    return undefined;
  }
}
