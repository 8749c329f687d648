/** What another process asks of whoever runs a session. */
export interface InboxMessage {
  readonly type: 'interrupt';
  /** The child that is meant. Default: the session it is sent to. */
  readonly session_id?: string;
  /** The run that is meant: one that came after it is left alone. */
  readonly run_id: string;
  readonly reason?: string;
}

export interface SentMessage {
  /** Takes the message back, if nobody has taken it yet. */
  withdraw(): Promise<void>;
}

/** A message as it was sent; `undefined` for anything else. */
export function readInboxMessage(text: string): InboxMessage | undefined {
  const read = parse(text);
  if (typeof read !== 'object' || read === null) return undefined;
  const { type, session_id, run_id, reason } = read as Record<string, unknown>;
  if (type !== 'interrupt' || typeof run_id !== 'string') return undefined;
  const child = typeof session_id === 'string' ? { session_id } : {};
  return { type, ...child, run_id, ...(typeof reason === 'string' ? { reason } : {}) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
