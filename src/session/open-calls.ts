import type { ToolCall } from '../messages/tool-call.ts';
import type { CallKey, Entry, StoredMessage } from './entry.ts';

/** The calls of one assistant message, until each has its result. */
export interface OpenCalls {
  readonly messageId: string;
  readonly agentName: string | undefined;
  readonly calls: readonly ToolCall[];
  /** Those that may have been started. */
  readonly intended: Set<number>;
  /** The sessions that those which delegate work in. */
  readonly children: Map<number, readonly string[]>;
  /** Results whose turn to be shown has not come. */
  readonly settled: Map<number, StoredMessage>;
  /** Those whose result is in the ledger. */
  readonly answered: Set<number>;
}

/** Why a call gets an answer without having given a result. */
const answers = {
  not_run: 'This call was not run: the run ended before it. Call again if it is still needed.',
  cut: 'Your reply was cut at the length limit, so none of its calls was run. Send them again, and write less at once.',
  unknown: 'The run was stopped while this call was running: it may or may not have run. Check before calling again.',
} as const;

/** Stores a result the moment it is there; it is shown, with those it held up, when every earlier call has been. */
export function resultEntries(open: OpenCalls, index: number, message: StoredMessage): Entry[] {
  const isHeldUp = open.calls.some((_, earlier) => earlier < index && !open.answered.has(earlier));
  if (isHeldUp) return [{ type: 'settled', call: [open.messageId, index], message }];
  const entries: Entry[] = [{ type: 'message', call: [open.messageId, index], message }];
  for (let next = index + 1; open.settled.has(next); next += 1) entries.push(showSettled(open, next));
  return entries;
}

/** A result for each call that has none: the one it gave, or a word on why there is none. */
export function answerOpenCalls(open: OpenCalls, createId: () => string, why?: 'cut'): Entry[] {
  return open.calls.flatMap((_, index) => {
    if (open.answered.has(index)) return [];
    if (open.settled.has(index)) return [showSettled(open, index)];
    const message = answerWithoutResult(open, index, createId, why);
    return [{ type: 'message', call: [open.messageId, index] satisfies CallKey, message }];
  });
}

/** The result of a call that gave none: it was not run, or it may have. */
export function answerWithoutResult(
  open: OpenCalls,
  index: number,
  createId: () => string,
  why?: 'cut',
): StoredMessage {
  const status = open.intended.has(index) ? 'unknown' : 'not_run';
  const children = open.children.get(index);
  const begun = children === undefined ? {} : { session_ids: children };
  const content = JSON.stringify({ status, message: answers[why ?? status], ...begun });
  return resultMessage(open, index, createId, content, status);
}

/** How a call ended, as its result's `metadata.tool_execution_status` tells. */
export type CallStatus = 'success' | 'error' | 'cancelled' | 'not_run' | 'unknown';

export function resultMessage(
  { agentName, calls, children }: OpenCalls,
  index: number,
  createId: () => string,
  content: string,
  status: CallStatus,
): StoredMessage {
  const delegated = children.get(index);
  return {
    role: 'tool',
    message_id: createId(),
    ...(agentName === undefined ? {} : { agent_name: agentName }),
    content,
    tool_call_id: calls[index]?.id ?? '',
    message_type: 'tool_call_result',
    metadata: {
      tool_name: calls[index]?.function.name ?? '',
      tool_execution_status: status,
      ...(delegated === undefined ? {} : { session_ids: delegated }),
    },
  };
}

function showSettled(open: OpenCalls, index: number): Entry {
  return { type: 'shown', call: [open.messageId, index] };
}
