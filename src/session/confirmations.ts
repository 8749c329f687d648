import type { CallKey, ConfirmationClosed, ConfirmationRequested, Entry } from './entry.ts';

/** A call that somebody was asked about, and what came of it so far. */
export interface Confirmation extends Omit<ConfirmationRequested, 'type' | 'session_id'> {
  readonly closed?: ConfirmationClosed;
}

/** What people were asked of in the newest run of a session, folded from its entries. */
export class Confirmations {
  readonly #all = new Map<string, Confirmation>();
  #runId: string | undefined;

  find(confirmationId: string): Confirmation | undefined {
    return this.#all.get(confirmationId);
  }

  /** Those of a call, in the order they were asked. */
  about([messageId, index]: CallKey): Confirmation[] {
    return [...this.#all.values()].filter(({ call }) => call[0] === messageId && call[1] === index);
  }

  /** The newest of them: an earlier one does not count any more. */
  of(call: CallKey): Confirmation | undefined {
    return this.about(call).at(-1);
  }

  /** Those nobody has answered, in the order they were asked. */
  pending(): Confirmation[] {
    return [...this.#all.values()].filter(({ closed }) => closed === undefined);
  }

  fold(entry: Entry): void {
    switch (entry.type) {
      case 'run_started':
        if (entry.run_id !== this.#runId) this.#all.clear();
        this.#runId = entry.run_id;
        return;
      case 'confirmation_requested': {
        const { type: _type, session_id: _session, ...confirmation } = entry;
        this.#all.set(entry.confirmation_id, confirmation);
        return;
      }
      case 'confirmation_closed': {
        const confirmation = this.#all.get(entry.confirmation_id);
        if (confirmation !== undefined) this.#all.set(entry.confirmation_id, { ...confirmation, closed: entry });
        return;
      }
      default:
    }
  }
}

/** What gives up those that are pending: nobody is to answer them any more. */
export function dropPending(confirmations: Confirmations, createId: () => string): Entry[] {
  return confirmations
    .pending()
    .flatMap(({ confirmation_id }) =>
      closingEntries({ type: 'confirmation_closed', confirmation_id, decision: 'dropped' }, createId),
    );
}

/** That a confirmation is closed, with the word on it that readers see. */
export function closingEntries(closed: ConfirmationClosed, createId: () => string): Entry[] {
  const { type: _type, ...shown } = closed;
  const message = {
    role: 'assistant',
    message_id: createId(),
    content: '',
    message_type: 'confirmation',
    // Readers get their own: the other is what is run.
    metadata: { confirmation: structuredClone(shown) },
  } as const;
  return [closed, { type: 'message', message }];
}
