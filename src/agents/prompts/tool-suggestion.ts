export interface ToolSuggestionFacts {
  readonly task: string;
  /** Name and first sentence of each. */
  readonly tools: readonly string[];
  readonly most: number;
}

export function toolSuggestionPrompt({ task, tools, most }: ToolSuggestionFacts): string {
  return `Choose the tools that may be needed for the user's task, ${most} at most; rather one too many than one too few.
The task:
${task}

The tools:
${tools.join('\n')}`;
}
