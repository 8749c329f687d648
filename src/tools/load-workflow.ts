import { SageError } from '../errors.ts';
import { defineTool, type Tool } from './tool.ts';

const parameters = {
  type: 'object',
  properties: { name: { type: 'string', description: 'The name of the procedure.' } },
  required: ['name'],
  additionalProperties: false,
} as const;

export const loadWorkflowName = 'load_workflow';

/** Gives the model the text of one of the host's procedures, of which it is told only the names. */
export function loadWorkflowTool(workflows: Readonly<Record<string, string>>): Tool {
  return defineTool({
    name: loadWorkflowName,
    description: 'Gives you the steps of one of the procedures that are there. Load it before you begin such a task.',
    parameters,
    effect: 'none',
    execute({ name }) {
      if (Object.hasOwn(workflows, name)) return workflows[name];
      const known = Object.keys(workflows).join(', ');
      throw new SageError('tool-error', `There is no procedure "${name}". There are: ${known}.`, {
        tool: loadWorkflowName,
      });
    },
  });
}
