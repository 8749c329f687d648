import type { MessageChunk } from '../../messages/message.ts';
import type { AgentContext, NodeOutcome } from '../agent.ts';
import { taskStopPrompt, taskStopText, type StopCause } from '../prompts/task-stop.ts';
import { say } from '../say.ts';
import { defineState } from '../state-piece.ts';
import { observationState, planState } from './multi-state.ts';

/** Why the work of the run may not go on, and whether the user has been told. */
export const stoppedState = defineState<{ readonly cause: StopCause; readonly isTold: boolean }>('task_stopped');

/** The work may not go on: the user is told why, and where it stands. */
export async function* stopWork(context: AgentContext, cause: StopCause): AsyncGenerator<MessageChunk[], NodeOutcome> {
  const { session, budget, view } = context;
  const stopped = stoppedState.of(view.state);
  const outcome: NodeOutcome = { type: cause === 'circle' ? 'loop-detected' : 'max-loops' };
  if (stopped?.isTold === true) return outcome;
  // After a crash nobody sees again that an agent went in a circle.
  if (stopped === undefined) yield session.append([stoppedState.entry({ cause, isTold: false })]);
  const facts = {
    cause,
    most: budget.maxLoopCount,
    round: planState.of(view.state)?.round ?? 0,
    stillOpen: observationState.of(view.state)?.stillOpen ?? '',
  };
  const ended = yield* say(context, {
    messageType: 'final_answer',
    instruction: taskStopPrompt(facts),
    otherwise: taskStopText(facts),
    kept: [stoppedState.entry({ cause, isTold: true })],
  });
  return ended ?? outcome;
}
