export interface QuestionFacts {
  readonly instruction: string;
  readonly jsonSchema: Readonly<Record<string, unknown>>;
}

/** The schema stands here too, with all of its keywords: servers that ignore a response format are many. */
export function questionPrompt({ instruction, jsonSchema }: QuestionFacts): string {
  return `${instruction}\n\nAnswer with one JSON object, and nothing else, that fits this schema:\n${JSON.stringify(jsonSchema)}`;
}

export function repairPrompt({ issues }: { readonly issues: readonly string[] }): string {
  return `That cannot be used:\n${issues.join('\n')}\nAnswer with the JSON object only.`;
}

/** Stands for an answer without a word: providers refuse an empty message. */
export const emptyAnswer = '(nothing)';
