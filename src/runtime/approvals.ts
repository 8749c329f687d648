import type { CallToDecide, Permit } from '../agents/permit.ts';
import type { Confirmation } from '../session/confirmations.ts';
import type { CallKey, Entry } from '../session/entry.ts';
import type { Journal } from '../session/journal.ts';
import type { Session } from '../session/session.ts';
import type { SessionState } from '../session/session-state.ts';
import { untilAborted } from '../streams/abort.ts';
import type { Allowed, Answer, Decision, Denied } from '../tools/confirmation.ts';
import type { Tool } from '../tools/tool.ts';
import { answerEntries, closeEntries, type ConfirmationAnswer } from './answer-confirmation.ts';
import { digestOf } from './digest.ts';
import { grantFor, isGranted } from './grants.ts';

/** What a run does with a call that needs a person. */
export type WhenApprovalNeeded = 'deny' | 'wait' | 'suspend';

/** How long a question stands, in milliseconds. */
const standsMs = { wait: 30 * 60_000, suspend: 7 * 24 * 60 * 60_000 };

export interface ApprovalsDeps {
  readonly journal: Journal;
  readonly createId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly whenNeeded: WhenApprovalNeeded;
  /** What the rules say of a call. */
  readonly judge: (call: CallToDecide) => Promise<Decision>;
}

/** Decides on the calls of a run and its children, and has people asked where it is not to decide alone. */
export class Approvals implements Permit {
  readonly #deps: ApprovalsDeps;
  readonly #waiting = new Map<string, () => void>();

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps;
  }

  /** What a person has said of a call counts, but never against a denial. */
  async decide(
    session: Session,
    asked: CallToDecide,
    tighten: (decision: Decision) => Promise<Decision> = async (decision) => decision,
  ): Promise<Decision> {
    const { call, tool, args } = asked;
    const ruled = await this.#deps.judge(asked);
    const verdict = ruled.type === 'deny' ? ruled : await tighten(ruled);
    if (verdict.type === 'deny') return verdict;
    const known = session.confirmations.of(call);
    if (known?.closed !== undefined) return decisionOf(known);
    if (known !== undefined) return { type: 'ask', reason: known.reason };
    if (tool.question !== undefined) return { type: 'ask', reason: tool.question(args) };
    const isGrantedNow = verdict.type === 'ask' && isGranted(this.#deps.journal.state.root, grantFor(tool, args));
    return isGrantedNow ? { type: 'allow' } : verdict;
  }

  async *ask(
    session: Session,
    asked: CallToDecide & { readonly reason: string },
    signal: AbortSignal,
  ): AsyncGenerator<void, Answer> {
    const { whenNeeded, now } = this.#deps;
    if (whenNeeded === 'deny') return nobodyAnswers(asked);
    if (session.confirmations.of(asked.call) === undefined) {
      session.append(this.#request(session, asked, standsMs[whenNeeded]));
      yield;
      await session.sync();
    }
    const confirmation = mustBeAsked(session, asked.call);
    // Who reads it may have answered at once.
    if (confirmation.closed === undefined) {
      const leftMs = confirmation.expires_at * 1000 - now();
      if (leftMs <= 0) this.#expire(session, confirmation.confirmation_id);
      else if (whenNeeded === 'suspend') return { type: 'suspended' };
      else await this.#wait(session, confirmation.confirmation_id, { leftMs, signal });
      // The word on it is there to be shown.
      yield;
    }
    return decisionOf(mustBeAsked(session, asked.call));
  }

  /** Stores what a person says. @throws {SageError} `confirmation-refused`. */
  async answer(session: SessionState, id: string, answer: ConfirmationAnswer): Promise<void> {
    const { journal, now, createId } = this.#deps;
    journal.append(answerEntries(journal.state, session, { id, answer, now: now(), createId }));
    await journal.sync();
    this.#waiting.get(id)?.();
  }

  async #wait(
    session: Session,
    id: string,
    { leftMs, signal }: { leftMs: number; signal: AbortSignal },
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(id, resolve);
    const timer = setTimeout(() => {
      this.#expire(session, id);
      resolve();
    }, leftMs);
    try {
      await untilAborted(promise, signal);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Nobody has answered in time. */
  #expire(session: Session, id: string): void {
    const { journal, createId } = this.#deps;
    const state = journal.state.session(session.id);
    if (state === undefined || session.confirmations.find(id)?.closed !== undefined) return;
    journal.append(
      closeEntries(state, { type: 'confirmation_closed', confirmation_id: id, decision: 'expired' }, createId),
    );
  }

  #request(session: Session, { call, tool, args, reason }: CallToDecide & { reason: string }, ms: number): Entry[] {
    const { createId, now } = this.#deps;
    const confirmation = {
      confirmation_id: createId(),
      call,
      kind: tool.question === undefined ? 'approval' : 'question',
      tool: tool.name,
      arguments: args,
      digest: digestOf({ session_id: session.id, call, tool: tool.name, arguments: args }),
      grant: grantFor(tool, args),
      reason,
      expires_at: (now() + ms) / 1000,
    } as const;
    const { grant: _grant, ...shown } = confirmation;
    const message = {
      role: 'assistant',
      message_id: createId(),
      content: reason,
      message_type: 'confirmation',
      metadata: { confirmation: shown },
    } as const;
    return [
      { type: 'confirmation_requested', ...confirmation },
      { type: 'message', message },
    ];
  }
}

function mustBeAsked({ confirmations }: Session, call: CallKey): Confirmation {
  const confirmation = confirmations.of(call);
  if (confirmation === undefined) throw new Error('A confirmation that was stored is not there.');
  return confirmation;
}

/** What a closed confirmation lets be done. */
function decisionOf({ closed, tool }: Confirmation): Allowed | Denied {
  switch (closed?.decision) {
    case 'allow-once':
    case 'allow-session': {
      const { arguments: args, answer } = closed;
      return { type: 'allow', ...(args === undefined ? {} : { args }), ...(answer === undefined ? {} : { answer }) };
    }
    case 'deny':
      return deny(tool, 'The user has declined it. Do not call it again in other words; ask what to do instead.');
    case 'expired':
      return deny(tool, 'Nobody has answered in time.');
    default:
      return deny(tool, 'It was given up before anybody had answered.');
  }
}

function nobodyAnswers({ tool: { name, question }, reason }: { readonly tool: Tool; readonly reason: string }): Denied {
  if (question !== undefined)
    return deny(name, 'Nobody answers questions in this run. Go on without, and say what you assumed.');
  return deny(name, `${reason} It needs approval, and nobody answers in this run.`);
}

function deny(tool: string, why: string): Denied {
  return { type: 'deny', reason: `Tool "${tool}" was not run. ${why}` };
}
