import PQueue from 'p-queue';
import { CallSuspended } from '../../tools/confirmation.ts';
import { FailedResult } from '../../tools/failed-result.ts';
import { defineTool, type DelegatingToolContext, type Tool } from '../../tools/tool.ts';
import { checkTasks, readTasks, type GivenTask } from './check-tasks.ts';
import type { DelegationTool } from './delegation-tools.ts';
import type { ChildOutcome, Delegator } from './delegator.ts';

const parameters = {
  type: 'object',
  properties: {
    tasks: {
      type: 'array',
      minItems: 1,
      description: 'Tasks that are worked on side by side: none of them may need the result of another.',
      items: {
        type: 'object',
        properties: {
          agent_id: { type: 'string', minLength: 1, description: 'Who is to do it.' },
          task_name: { type: 'string', minLength: 1, maxLength: 80, description: 'A few words that name the task.' },
          content: {
            type: 'string',
            minLength: 1,
            description: 'The whole task: what is to be reached, all that must be known for it, and what to give back.',
          },
          original_task: {
            type: ['string', 'null'],
            description: 'What the user wanted, where that helps to understand the task.',
          },
          session_id: {
            type: ['string', 'null'],
            description:
              'Of an earlier result, to go on with the same agent and all it remembers. Leave it out to begin anew.',
          },
        },
        required: ['agent_id', 'task_name', 'content'],
        additionalProperties: false,
      },
    },
  },
  required: ['tasks'],
  additionalProperties: false,
} as const;

/**
 * Has children work on tasks, side by side, and gives what came of each, in task order. All tasks are checked before any is begun;
 * one that fails leaves the others alone. The call has failed where one of its tasks has, and has no result yet where one waits for a
 * person.
 */
export function delegateTaskTool(delegator: Delegator): Tool {
  const tool = defineTool({
    name: 'sys_delegate_task' satisfies DelegationTool,
    description:
      'Delegates tasks to other agents, which work on them side by side and see nothing of your conversation. Waits for all of them and returns their results in the order of the tasks.',
    parameters,
    effect: 'idempotent',
    execute: (args, context) => delegate(delegator, readTasks(args), context as DelegatingToolContext),
  });
  return {
    ...tool,
    fixChildren: (args, known) => fixChildren(delegator, readTasks(args), known),
    releaseChildren: (sessionIds) => delegator.release(sessionIds),
  };
}

function fixChildren(
  delegator: Delegator,
  tasks: readonly GivenTask[],
  known: readonly string[] | undefined,
): readonly string[] {
  if (known === undefined) checkTasks(tasks, delegator);
  const children = known ?? tasks.map(({ session_id }) => session_id ?? delegator.createId());
  delegator.reserve(children);
  return children;
}

async function delegate(
  delegator: Delegator,
  tasks: readonly GivenTask[],
  { call, children, signal }: DelegatingToolContext,
): Promise<object> {
  const queue = new PQueue({ concurrency: delegator.limits.maxChildrenAtOnce });
  const work = tasks.map((task, place) => async () => {
    const sessionId = children[place] ?? '';
    const outcome = await run(delegator, { task, sessionId, call, signal });
    return outcome === 'waiting' ? outcome : toResult(task, sessionId, outcome);
  });
  const ends = await queue.addAll(work);
  const results = ends.filter((end) => end !== 'waiting');
  // Who has ended has its outcome stored: the call is asked for all of them again when the run is continued.
  if (results.length < ends.length) throw new CallSuspended();
  if (results.every(({ status }) => status === 'completed')) return { results };
  throw new FailedResult(JSON.stringify({ results }));
}

interface Work {
  readonly task: GivenTask;
  readonly sessionId: string;
  readonly call: readonly [string, number];
  readonly signal: AbortSignal;
}

function run(delegator: Delegator, { task, ...where }: Work): Promise<ChildOutcome | 'waiting'> {
  const { agent_id: agentId, task_name: name, content, original_task: original } = task;
  const agent = delegator.roster.find(delegator.state, agentId);
  const more = original === undefined ? {} : { original };
  return delegator.runChild({ ...where, agentId, agent, name, content, ...more });
}

function toResult({ task_name, agent_id }: GivenTask, session_id: string, outcome: ChildOutcome) {
  const { status, reason, text, error, folder } = outcome;
  return {
    task_name,
    agent_id,
    session_id,
    status,
    ...(status === 'completed' ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
    result: text,
    ...(folder === '' ? {} : { folder }),
  };
}
