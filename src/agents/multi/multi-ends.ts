import { SageError } from '../../errors.ts';
import type { MessageChunk } from '../../messages/message.ts';
import type { AgentContext, NodeOutcome } from '../agent.ts';
import { defineState } from '../state-piece.ts';
import { tell } from '../tell.ts';
import { observationState } from './multi-state.ts';

/** Whether the user has been told. */
const usedUpState = defineState<boolean>('used_up');

/** The work may not go on: the user is told where it stands. */
export async function* usedUp(context: AgentContext): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const { budget, view } = context;
  if (usedUpState.of(view.state) === true) return { type: 'max-loops' };
  const open = observationState.of(view.state)?.stillOpen ?? '';
  const left = open === '' ? '' : `\n\nStill open: ${open}`;
  const content = `I have stopped after the ${budget.maxLoopCount} rounds this run may take (maxLoopCount); the task is not done yet.${left}`;
  yield tell(context, { type: 'final_answer', content }, [usedUpState.entry(true)]);
  return { type: 'max-loops' };
}

/** An agent without whose answer the work cannot go on. */
export function unusable(agent: string, what: string): NodeOutcome {
  const message = `Agent "${agent}" got no usable ${what} from the model, in two tries. Choose a model that follows a JSON schema, or agentMode 'simple'.`;
  return { type: 'failed', error: new SageError('flow-error', message, { agent }) };
}
