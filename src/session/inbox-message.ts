/** What another process asks of whoever runs a session. */
export interface InboxMessage {
  readonly type: 'interrupt';
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
  const { type, run_id, reason } = read as Record<string, unknown>;
  if (type !== 'interrupt' || typeof run_id !== 'string') return undefined;
  return { type, run_id, ...(typeof reason === 'string' ? { reason } : {}) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
