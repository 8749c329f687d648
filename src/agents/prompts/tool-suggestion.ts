import type { Task } from '../tool-needs.ts';

export interface ToolSuggestionFacts {
  readonly task: Task;
  /** Name and first sentence of each. */
  readonly tools: readonly string[];
  readonly most: number;
}

export function toolSuggestionPrompt({ task, tools, most }: ToolSuggestionFacts): string {
  const before = task.before.length === 0 ? '' : `\nSaid before it, the newest first:\n${task.before.join('\n')}\n`;
  return `Choose the tools that may be needed for the user's task, ${most} at most; rather one too many than one too few.
The task:
${task.text}
${before}
The tools:
${tools.join('\n')}`;
}
