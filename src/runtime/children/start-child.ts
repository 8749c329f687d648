import type { ChildTask } from '../../agents/fibre/delegator.ts';
import { childTaskPrompt } from '../../agents/prompts/child.ts';
import type { Entry } from '../../session/entry.ts';
import { ownedBy } from '../../session/own-entries.ts';
import { closeDrafts } from '../../session/repair-pairs.ts';
import type { SessionState } from '../../session/session-state.ts';
import { closeUnfinished } from '../close-unfinished.ts';
import { renderContext } from '../prompt.ts';
import { nextAttempt, runStart, type RunStart, type StartFacts } from '../start-run.ts';

/** Whether the newest run of a child is for this call: then it is gone on with, and not begun anew. */
export function worksFor({ lastRun }: SessionState, [messageId, index]: ChildTask['call']): boolean {
  return lastRun?.call?.[0] === messageId && lastRun.call[1] === index;
}

/** What the run of a child begins with: its task, unless it was interrupted by a crash, or waits for a person. Its words must be loaded. */
export function planChildStart(child: SessionState, task: ChildTask, facts: StartFacts): RunStart {
  const { ledger, lastRun, sessionId, isUnfinished } = child;
  const { runId, createId } = facts;
  const { call } = task;
  const own = (entries: readonly Entry[]) => entries.map((entry) => ownedBy(sessionId, entry));
  if (isUnfinished && lastRun !== undefined && worksFor(child, call)) {
    const again = { runId: lastRun.runId, attempt: nextAttempt(lastRun), call };
    return {
      runId: again.runId,
      entries: own([...closeDrafts(ledger, 'crashed'), ...runStart(lastRun, again, facts)]),
    };
  }
  const begun = own([...runStart(lastRun, { runId, attempt: 1, call }, facts), taskMessage(child, task, facts)]);
  return { runId, entries: [...closeUnfinished(child, createId), ...begun] };
}

function taskMessage({ joined }: SessionState, task: ChildTask, { options, createId, now }: StartFacts): Entry {
  const [message_id, index] = task.call;
  const delegation = { session_id: joined?.parent_id, message_id, index, agent_id: task.agentId, task_name: task.name };
  const message = {
    role: 'user',
    message_id: createId(),
    content: childTaskPrompt(task),
    message_type: 'user_input',
    metadata: { source: 'delegation', delegation },
  } as const;
  return { type: 'message', message, context: renderContext(options.systemContext, now) };
}
