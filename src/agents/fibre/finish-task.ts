import type { Session } from '../../session/session.ts';
import { defineTool, type DelegatingToolContext, type Tool, type ToolState } from '../../tools/tool.ts';

/** What a child has said of its task, and the message that called for it. */
export interface Finish {
  readonly message_id: string;
  readonly status: 'completed' | 'failed';
  readonly result: string;
}

export const finishToolName = 'sys_finish_task';

const stateKey = 'finish_task';

const parameters = {
  type: 'object',
  properties: {
    result: {
      type: 'string',
      minLength: 1,
      description: 'All that is to be known of what came of it: nothing else you wrote is read.',
    },
    status: { type: 'string', enum: ['completed', 'failed'], description: 'Default: "completed".' },
  },
  required: ['result'],
  additionalProperties: false,
} as const;

/** Ends a child's work with its result. A child that ends without it has its last words as its result. */
export const finishTaskTool: Tool = defineTool({
  name: finishToolName,
  description:
    'Gives the result of your task to whoever gave it to you, and ends your work on it. Call nothing else with it.',
  parameters,
  effect: 'idempotent',
  execute({ result, status = 'completed' }, context) {
    const [message_id] = (context as DelegatingToolContext).call;
    context.state.set(stateKey, { message_id, status, result } satisfies Finish);
    return 'Your result has been handed over.';
  },
});

/** The newest word of a child on its task. */
export function finishOf(state: Pick<ToolState, 'get'>): Finish | undefined {
  // Only the tool writes it.
  return state.get(stateKey) as Finish | undefined;
}

/** Whether this reply has ended the work. */
export function hasFinished({ toolState }: Session, messageId: string | undefined): boolean {
  return messageId !== undefined && finishOf(toolState)?.message_id === messageId;
}
