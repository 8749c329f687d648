/** What the system message tells of the host's procedures. */
export function workflowsPrompt({ names }: { readonly names: readonly string[] }): string {
  return `There are procedures for: ${names.join(', ')}. Before you begin such a task, load its procedure with load_workflow.`;
}
