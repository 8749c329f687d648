import type { ConfirmationDecision } from './entry.ts';

/** What another process asks of whoever runs a session, or tells them. */
export type InboxMessage = InterruptMessage | AnswerMessage;

export interface InterruptMessage {
  readonly type: 'interrupt';
  /** The child that is meant. Default: the session it is sent to. */
  readonly session_id?: string;
  /** The run that is meant: one that came after it is left alone. */
  readonly run_id: string;
  readonly reason?: string;
}

/** What a person says to a call that waits for them. */
export interface AnswerMessage {
  readonly type: 'answer';
  /** The child whose call it is. Default: the session it is sent to. */
  readonly session_id?: string;
  readonly confirmation_id: string;
  readonly decision: ConfirmationDecision;
  readonly digest?: string;
  readonly arguments?: unknown;
  readonly answer?: unknown;
  readonly by: string;
}

export interface SentMessage {
  /** Takes the message back, if nobody has taken it yet. */
  withdraw(): Promise<void>;
}

/** A message as it was sent; `undefined` for anything else. */
export function readInboxMessage(text: string): InboxMessage | undefined {
  const read = parse(text);
  if (typeof read !== 'object' || read === null) return undefined;
  const { type } = read as Record<string, unknown>;
  if (type === 'interrupt') return readInterrupt(read as Record<string, unknown>);
  return type === 'answer' ? readAnswer(read as Record<string, unknown>) : undefined;
}

function readInterrupt({ session_id, run_id, reason }: Record<string, unknown>): InterruptMessage | undefined {
  if (typeof run_id !== 'string') return undefined;
  const why = typeof reason === 'string' ? { reason } : {};
  return { type: 'interrupt', ...readChild(session_id), run_id, ...why };
}

const decisions: readonly unknown[] = ['allow-once', 'allow-session', 'deny'] satisfies ConfirmationDecision[];

function readAnswer(read: Record<string, unknown>): AnswerMessage | undefined {
  const { session_id, confirmation_id, decision, digest, by } = read;
  if (typeof confirmation_id !== 'string' || typeof by !== 'string' || !decisions.includes(decision)) return undefined;
  return {
    type: 'answer',
    ...readChild(session_id),
    confirmation_id,
    decision: decision as ConfirmationDecision,
    ...(typeof digest === 'string' ? { digest } : {}),
    ...(read['arguments'] === undefined ? {} : { arguments: read['arguments'] }),
    ...(read['answer'] === undefined ? {} : { answer: read['answer'] }),
    by,
  };
}

function readChild(session_id: unknown): { readonly session_id?: string } {
  return typeof session_id === 'string' ? { session_id } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
