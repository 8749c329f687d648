import { loadWorkflowName } from '../../tools/load-workflow.ts';
import { invalid, isRecord } from './check-values.ts';
import type { RunOptions } from './run-options.ts';

/** @throws {SageError} `invalid-argument` for what is no text, and for a tool of the host's under the name of the one they bring. */
export function checkWorkflows({
  availableWorkflows = {},
  toolManager,
}: Pick<RunOptions, 'availableWorkflows' | 'toolManager'>): void {
  const given: unknown = availableWorkflows;
  const allowed = 'an object of texts, by the name of the procedure';
  if (!isRecord(given)) throw invalid('availableWorkflows', typeof given, allowed);
  for (const [name, text] of Object.entries(given)) {
    if (name.trim() === '' || typeof text !== 'string' || text.trim() === '')
      throw invalid(`availableWorkflows.${name}`, text, allowed);
  }
  if (Object.keys(given).length === 0 || toolManager?.getTool(loadWorkflowName) === undefined) return;
  const otherNames = 'other names: a run with availableWorkflows has a tool of that name itself';
  throw invalid('toolManager', `a manager with a tool "${loadWorkflowName}"`, otherNames);
}
