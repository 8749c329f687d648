import { join } from 'node:path';
import type { ChatModel, RunOptions } from 'sagents';
import { createTools } from './tools.ts';

export interface TurnOptions {
  readonly root: string;
  readonly sessionId: string;
  /** What the user says; nothing goes on with what was left. */
  readonly input?: string | undefined;
  readonly model: ChatModel;
}

/** Where the tools of a session leave their traces. */
export function tracePathOf(root: string, sessionId: string): string {
  return join(root, `${sessionId}.traces`);
}

/** One turn of a session, the same in every process. */
export function runOptions({ root, sessionId, input, model }: TurnOptions): RunOptions {
  return {
    inputMessages: input === undefined ? [] : [{ role: 'user', content: input }],
    model,
    modelConfig: { model: 'test' },
    systemPrefix: 'You are tested.',
    maxLoopCount: 50,
    sandboxType: 'passthrough',
    sandboxAgentWorkspace: root,
    sessionId,
    toolManager: createTools(tracePathOf(root, sessionId)),
  };
}
