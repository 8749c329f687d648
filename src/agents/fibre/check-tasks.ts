import { SageError } from '../../errors.ts';
import type { Delegator } from './delegator.ts';

/** A task as it is given. */
export interface GivenTask {
  readonly agent_id: string;
  readonly task_name: string;
  readonly content: string;
  readonly original_task?: string;
  readonly session_id?: string;
}

/** A task as a model writes it: one that must fill every field leaves nothing out. */
interface WrittenTask extends Omit<GivenTask, 'original_task' | 'session_id'> {
  readonly original_task?: string | null;
  readonly session_id?: string | null;
}

/** `args` fit the tool's parameters. */
export function readTasks(args: unknown): readonly GivenTask[] {
  const { tasks } = args as { readonly tasks: readonly WrittenTask[] };
  return tasks.map(({ original_task, session_id, ...task }) => ({
    ...task,
    ...(original_task ? { original_task } : {}),
    ...(session_id ? { session_id } : {}),
  }));
}

/** All or nothing: every fault of every task is told, and nothing is begun. @throws {SageError} `tool-error`. */
export function checkTasks(tasks: readonly GivenTask[], delegator: Delegator): void {
  const { depth, limits } = delegator;
  if (depth >= limits.maxDepth) {
    throw refused(
      `You are on level ${depth}, and nobody may be deeper than level ${limits.maxDepth}. Do the task yourself.`,
    );
  }
  if (tasks.length > limits.maxChildrenPerCall) {
    throw refused(
      `These are ${tasks.length} tasks; one call may have ${limits.maxChildrenPerCall}. Send fewer at a time.`,
    );
  }
  const news = tasks.filter((task) => isNew(task, delegator)).length;
  const left = delegator.childrenLeft();
  if (news > left) {
    const most = limits.maxChildrenPerTree;
    throw refused(
      `This run may have ${most} new sessions, and ${left} of them are left; these tasks need ${news}. Go on in sessions you have, or do the rest yourself.`,
    );
  }
  const faults = tasks.flatMap((task, place) => {
    const fault = faultOf(task, tasks.slice(0, place), delegator);
    return fault === undefined ? [] : [`Task ${place + 1} ("${task.task_name}"): ${fault}`];
  });
  if (faults.length > 0) throw refused(`No task was begun.\n${faults.join('\n')}`);
}

function isNew({ session_id }: GivenTask, delegator: Delegator): boolean {
  return session_id === undefined || delegator.findChild(session_id)?.type === 'unbegun';
}

function faultOf(task: GivenTask, before: readonly GivenTask[], delegator: Delegator): string | undefined {
  const { agent_id, content, session_id } = task;
  const { roster, state, agentId } = delegator;
  if (content.trim() === '') return 'its content is empty. Write what is to be done.';
  if (agent_id === agentId) return `"${agent_id}" is you. Do it yourself, or give it to another agent.`;
  if (roster.find(state, agent_id) === undefined) {
    const known = roster.list(state).map((one) => one.agent_id);
    const names =
      known.length === 0 ? 'There are none yet: make one with sys_spawn_agent.' : `There are: ${known.join(', ')}.`;
    return `there is no agent "${agent_id}". ${names}`;
  }
  if (session_id === undefined) return undefined;
  if (before.some((other) => other.session_id === session_id)) {
    return `session "${session_id}" has another task in this call. Give it one task, or leave session_id out.`;
  }
  return faultOfSession(session_id, agent_id, delegator);
}

function faultOfSession(sessionId: string, agentId: string, delegator: Delegator): string | undefined {
  const child = delegator.findChild(sessionId);
  if (child === undefined)
    return `there is no session "${sessionId}" of yours. Leave session_id out to begin a new one.`;
  if (child.type === 'foreign')
    return `session "${sessionId}" works for another agent. Leave session_id out to begin a new one.`;
  if (child.isBusy) return `session "${sessionId}" is at work on another task. Wait for its result.`;
  if (child.type === 'unbegun' || child.agentId === agentId) return undefined;
  return `session "${sessionId}" belongs to agent "${child.agentId}", not to "${agentId}".`;
}

function refused(message: string): SageError {
  return new SageError('tool-error', message, { tool: 'sys_delegate_task' });
}
