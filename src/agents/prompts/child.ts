/** What the system message of an agent that works for another one says of that. */
export function childPrompt({ hasFiles }: { readonly hasFiles: boolean }): string {
  const files = hasFiles
    ? `\nYou work in a folder of your own: relative paths begin there. The folder of whoever gave you the task is ../../.. from it; leave
what others have written there as it is, unless your task says otherwise. Name the files you made in your result.`
    : '';
  return `Another agent has given you a task, and waits for its result; no user reads what you write meanwhile, and nobody answers questions.
When you are through, call sys_finish_task with the result. If it cannot be done, call it with status "failed" and say why.${files}`;
}

export interface ChildTaskFacts {
  readonly name: string;
  readonly content: string;
  readonly original?: string | undefined;
}

/** How a child is told its task. */
export function childTaskPrompt({ name, content, original }: ChildTaskFacts): string {
  const context = original === undefined || original.trim() === '' ? '' : `\n\nIt is part of this:\n${original}`;
  return `# ${name}\n\n${content}${context}`;
}
