import type { CallToDecide, Permit } from '../../agents/permit.ts';
import { closingEntries, type Confirmation } from '../../session/confirmations.ts';
import { isSageError } from '../../errors.ts';
import type { CallKey } from '../../session/entry.ts';
import type { Journal } from '../../session/journal.ts';
import type { OpenCalls } from '../../session/open-calls.ts';
import type { Session } from '../../session/session.ts';
import type { SessionState } from '../../session/session-state.ts';
import { untilAborted } from '../../streams/abort.ts';
import type { Asked, Decision, Denied } from '../../tools/confirmation.ts';
import type { Tool } from '../../tools/tool.ts';
import { isAnswered } from './answered-calls.ts';
import { answerEntries, type ConfirmationAnswer } from './answer-confirmation.ts';
import { addGrant, grantFor, grantOf, isGranted } from './grants.ts';
import { requestEntries } from './request-confirmation.ts';

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
  /** What rules and hooks say of a call. */
  readonly judge: (call: CallToDecide, sessionId: string) => Promise<Decision>;
}

/** Decides on the calls of a run and its children, and has people asked where it is not to decide alone. */
export class Approvals implements Permit {
  readonly #deps: ApprovalsDeps;
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

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
    const ruled = await this.#deps.judge(asked, session.id);
    const verdict = ruled.type === 'deny' ? ruled : await tighten(ruled);
    if (verdict.type === 'deny') return verdict;
    const known = session.confirmations.of(call);
    if (known?.closed !== undefined) return this.#decided(known, args);
    if (known !== undefined) return { type: 'ask', reason: known.reason };
    if (tool.question !== undefined) return { type: 'ask', reason: tool.question(args) };
    return verdict.type === 'ask' && this.#isGranted(grantOf(grantFor(tool), args)) ? { type: 'allow' } : verdict;
  }

  changedArgsOf({ confirmations }: Session, call: CallKey): { readonly args: unknown } | undefined {
    const { decision, arguments: args } = confirmations.of(call)?.closed ?? {};
    const isAllowed = decision === 'allow-once' || decision === 'allow-session';
    return isAllowed && args !== undefined ? { args } : undefined;
  }

  async *ask(
    session: Session,
    asked: CallToDecide & { readonly reason: string },
    signal: AbortSignal,
  ): AsyncGenerator<void, Asked> {
    const { whenNeeded, now } = this.#deps;
    const known = session.confirmations.of(asked.call);
    if (whenNeeded === 'deny') {
      // An earlier attempt has asked: that is not to be answered any more.
      if (known !== undefined) this.#close(session, known.confirmation_id, 'dropped');
      return nobodyAnswers(asked);
    }
    if (known === undefined) {
      const expiresAt = (now() + standsMs[whenNeeded]) / 1000;
      session.append(requestEntries(session, asked, expiresAt));
      yield;
      await session.sync();
    }
    const { confirmation_id, closed, expires_at } = mustBeAsked(session, asked.call);
    // Who reads it may have answered at once.
    if (closed !== undefined) return { type: 'answered' };
    const leftMs = expires_at * 1000 - now();
    if (leftMs <= 0) this.#close(session, confirmation_id, 'expired');
    else if (whenNeeded === 'suspend') return { type: 'suspended' };
    else await this.#wait(session, confirmation_id, { leftMs, signal });
    // The word on it is there to be shown.
    yield;
    return { type: 'answered' };
  }

  hasAnswerTo({ id }: Session, open: OpenCalls): boolean {
    const { journal } = this.#deps;
    const session = journal.state.session(id);
    return session !== undefined && isAnswered(journal.state, session, open);
  }

  /** Stores what a person says. @throws {SageError} `confirmation-refused`. */
  async answer(session: SessionState, id: string, answer: ConfirmationAnswer): Promise<void> {
    const { journal, now, createId } = this.#deps;
    try {
      journal.append(answerEntries(session, { id, answer, now: now(), createId }));
      await journal.sync();
    } catch (error) {
      // What cannot be stored any more is not waited for either.
      if (!isSageError(error, 'confirmation-refused')) this.#waiting.get(id)?.reject(error);
      throw error;
    }
    this.#waiting.get(id)?.resolve();
  }

  async #wait(
    session: Session,
    id: string,
    { leftMs, signal }: { leftMs: number; signal: AbortSignal },
  ): Promise<void> {
    const answered = Promise.withResolvers<void>();
    this.#waiting.set(id, answered);
    const timer = setTimeout(() => {
      try {
        this.#close(session, id, 'expired');
        answered.resolve();
      } catch (error) {
        answered.reject(error);
      }
    }, leftMs);
    try {
      await untilAborted(answered.promise, signal);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** What a closed confirmation lets be done with the arguments that are to be run. */
  #decided({ closed, tool, kind, grant }: Confirmation, args: unknown): Decision {
    switch (closed?.decision) {
      case 'allow-once':
      case 'allow-session':
        if (closed.decision === 'allow-session' && kind === 'approval') this.#grant(grantOf(grant, args));
        return { type: 'allow', ...(closed.answer === undefined ? {} : { answer: closed.answer }) };
      case 'deny':
        return deny(tool, 'The user has declined it. Do not call it again in other words; ask what to do instead.');
      case 'expired':
        return deny(tool, 'Nobody has answered in time.');
      default:
        return deny(tool, 'It was given up before anybody had answered.');
    }
  }

  #isGranted(grant: string): boolean {
    return isGranted(this.#deps.journal.state.root, grant);
  }

  #grant(grant: string): void {
    const { journal } = this.#deps;
    if (!this.#isGranted(grant)) journal.append([addGrant(journal.state.root, grant)]);
  }

  /** Nobody has answered, and nobody is to any more. */
  #close(session: Session, id: string, decision: 'expired' | 'dropped'): void {
    const { createId } = this.#deps;
    if (session.confirmations.find(id)?.closed !== undefined) return;
    session.append(closingEntries({ type: 'confirmation_closed', confirmation_id: id, decision }, createId));
  }
}

function mustBeAsked({ confirmations }: Session, call: CallKey): Confirmation {
  const confirmation = confirmations.of(call);
  if (confirmation === undefined) throw new Error('A confirmation that was stored is not there.');
  return confirmation;
}

function nobodyAnswers({ tool: { name, question }, reason }: { readonly tool: Tool; readonly reason: string }): Denied {
  if (question !== undefined)
    return deny(name, 'Nobody answers questions in this run. Go on without, and say what you assumed.');
  return deny(name, `${reason} It needs approval, and nobody answers in this run.`);
}

function deny(tool: string, why: string): Denied {
  return { type: 'deny', reason: `Tool "${tool}" was not run. ${why}` };
}
