import type { CheckedCall } from './prepare-call.ts';

/** A call may run. */
interface Allowed {
  readonly type: 'allow';
  /** To a question the call itself asks. */
  readonly answer?: unknown;
}

export interface Denied {
  readonly type: 'deny';
  /** For the model. */
  readonly reason: string;
}

/** What a person is asked about a call. */
export interface Question {
  readonly reason: string;
  /** The id of an earlier one that does not count any more, answered or not. */
  readonly instead?: string;
}

/** What is to become of a call: `ask` leaves it to a person. */
export type Decision = Allowed | Denied | ({ readonly type: 'ask' } & Question);

/** A call that a person is asked about. */
export interface AskedCall extends CheckedCall, Question {}

/**
 * What came of asking. `answered`: there is a word on it, and the call is decided on anew. `suspended`: nobody waits for the
 * answer, the call stays open.
 */
export type Asked = { readonly type: 'answered' | 'suspended' } | Denied;

/** Thrown by a tool whose own work waits for a person: its call has no result yet. */
export class CallSuspended extends Error {
  constructor() {
    super('The call waits for a person, and its run with it.');
  }
}
