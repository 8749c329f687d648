import { delegationTools } from '../../agents/fibre/delegation-tools.ts';
import { finishToolName } from '../../agents/fibre/finish-task.ts';
import type { AgentFlow } from '../../flow/flow.ts';
import type { CheckedOptions } from './check-options.ts';
import { invalid } from './check-values.ts';
import { usesFibre } from '../default-flow.ts';

/**
 * What the runtime gives agents that delegate must find its place, and sub-agents somebody who delegates to them.
 *
 * @throws {SageError} `invalid-argument`.
 */
export function checkFibre(
  { agentMode = 'simple', input, subAgents, toolManager }: CheckedOptions,
  flow: AgentFlow,
): void {
  if (!usesFibre(flow, agentMode)) {
    // A run that is continued goes on in the mode it had.
    if (subAgents.length === 0 || input.length === 0) return;
    const allowed = `nobody, unless agentMode is 'fibre' or customFlow has an agent "fibre"`;
    throw invalid('customSubAgents', `a list with ${subAgents.length}`, allowed);
  }
  const taken = [...delegationTools, finishToolName].find((name) => toolManager?.getTool(name) !== undefined);
  if (taken === undefined) return;
  throw invalid('toolManager', `a manager with a tool "${taken}"`, 'other names: fibre has a tool of that name itself');
}
