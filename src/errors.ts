/** What a `SageError` of each code tells besides its message. */
export interface SageErrorFacts {
  /** An option, argument or flow the caller can mend. */
  'invalid-argument': { readonly option: string; readonly given?: unknown; readonly allowed?: string };
  /** The option is part of the design, but not built yet. */
  'not-available-yet': { readonly option: string };
  /** Another run, in this process or another, holds the session. */
  'session-busy': { readonly sessionId: string; readonly owner?: string };
  'session-not-found': { readonly sessionId: string };
  /** Guidance came for a session no run of this process can take it into. */
  'session-not-live': { readonly sessionId: string; readonly owner?: string };
  /** Another owner took the session over while this one was not renewing its lock. */
  'session-lost': { readonly sessionId: string; readonly epoch: number };
  'guidance-queue-full': { readonly sessionId: string; readonly limit: number };
  /** An answer that does not count: nobody is asked under that id, somebody has answered, it is too late, or it is of another call. */
  'confirmation-refused': {
    readonly sessionId: string;
    readonly confirmationId: string;
    readonly why: 'unknown' | 'answered' | 'expired' | 'digest' | 'kind';
  };
  /** The journal has a bad line before a good one. `offset` is in bytes. */
  'journal-damaged': { readonly sessionId: string; readonly offset: number };
  /** The store could not write or read; nothing after it was seen. */
  'store-failed': { readonly sessionId: string; readonly operation: string };
  'cursor-expired': { readonly sessionId: string; readonly afterSeq: number };
  /** A crashed run may only be continued on the flow it was started with. */
  'flow-changed': { readonly sessionId: string; readonly runId: string };
  /** A condition or an agent of the host failed. */
  'flow-error': { readonly condition?: string; readonly agent?: string };
  'sandbox-unavailable': { readonly sandboxType: string };
  'sandbox-error': { readonly path?: string };
  'sandbox-closed': Record<never, never>;
  /** The model call failed for good. `status` is the HTTP status, where there was one. */
  'model-error': { readonly status?: number; readonly attempts: number; readonly retryAfterMs?: number };
  'context-overflow': { readonly status?: number };
  'deadline': { readonly deadline: 'totalMs' | 'stepMs' | 'firstChunkMs' | 'chunkMs' | 'toolMs'; readonly ms: number };
  /** A tool could not be run as the model asked; the model is told. */
  'tool-error': { readonly tool: string };
}

export type SageErrorCode = keyof SageErrorFacts;

const brand = Symbol.for('sagents.SageError');

/**
 * Every error sagents throws on purpose: a stable `code`, the `facts` as data, a message that says what to do next, and
 * the original under `cause`. Recognise it with `isSageError`, which also works across copies of the package.
 */
export class SageError<Code extends SageErrorCode = SageErrorCode> extends Error {
  override readonly name = 'SageError';
  readonly code: Code;
  readonly facts: SageErrorFacts[Code];
  readonly [brand] = true;

  constructor(code: Code, message: string, facts: SageErrorFacts[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}

/** Whether `error` is a `SageError`, and of this code if one is given. */
export function isSageError<Code extends SageErrorCode = SageErrorCode>(
  error: unknown,
  code?: Code,
): error is SageError<Code> {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  return code === undefined || (error as SageError).code === code;
}

/** What was thrown, as one line of text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A sentence of ours that ends in somebody else's words. */
export function withPeriod(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
