import { answerOpenCalls } from '../../session/open-calls.ts';
import type { Agent } from '../agent.ts';
import { workOn } from '../simple.ts';
import { taskExecutorPrompt } from '../prompts/task-executor.ts';
import { defineState } from '../state-piece.ts';
import { tellHidden } from '../tell.ts';
import { planState } from './multi-state.ts';
import { stoppedState, stopWork } from './stop-work.ts';

/** The node that planned the step it was told. */
const toldState = defineState<string>('task_executor');

/** Carries out one step of the plan: model and tools in turn, as `simple` does. */
export const taskExecutorAgent: Agent = {
  key: 'task_executor',
  async *run(context) {
    const { session, node, view } = context;
    const { state } = view;
    const stopped = stoppedState.of(state);
    if (stopped !== undefined) return yield* stopWork(context, stopped.cause);
    const plan = planState.of(state);
    if (plan !== undefined && toldState.of(state) !== plan.node) {
      yield tellHidden(context, taskExecutorPrompt(plan), [toldState.entry(plan.node)]);
    }
    const outcome = yield* workOn(context, { messageType: 'do_subtask_result' });
    if (outcome.type !== 'max-loops' && outcome.type !== 'loop-detected') return outcome;
    // What was asked for too late is answered before anything else is said.
    const open = session.ledger.openCalls.get(session.replyOf(node) ?? '');
    if (open !== undefined) yield session.append(answerOpenCalls(open, session.createId));
    return yield* stopWork(context, outcome.type === 'max-loops' ? 'calls' : 'circle');
  },
};
