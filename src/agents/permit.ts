import type { CallKey } from '../session/entry.ts';
import type { OpenCalls } from '../session/open-calls.ts';
import type { Session } from '../session/session.ts';
import type { Asked, Decision, Question } from '../tools/confirmation.ts';
import type { DecidedInput } from '../tools/prepare-call.ts';
import type { Tool } from '../tools/tool.ts';

/** A call whose arguments fit, and which nothing has been decided about. */
export interface CallToDecide {
  readonly call: CallKey;
  readonly tool: Tool;
  /** What the tool's schema has read, and what it has made of that. */
  readonly input: unknown;
  readonly args: unknown;
}

/** Who decides on the calls of a run: one for all its sessions. */
export interface Permit {
  /** `tighten` is told what the rules say, where they do not refuse, and may say something stricter. */
  decide(session: Session, call: CallToDecide, tighten?: (decision: Decision) => Promise<Decision>): Promise<Decision>;
  /** Whether the rules refuse what no call asks for, and the runtime would do by itself as this tool does it. */
  refuses(session: Pick<Session, 'id'>, use: Pick<CallToDecide, 'tool' | 'args'>): Promise<boolean>;
  /** Of a call that a person was asked about: what is read in the place of what the model wrote. */
  decidedInput(session: Session, call: CallKey): DecidedInput | undefined;
  /** Asks a person, unless somebody has answered already. Yields when the question has been stored. */
  ask(session: Session, asked: CallToDecide & Question, signal: AbortSignal): AsyncGenerator<void, Asked>;
  /** Whether something that was suspended can go on: one of these calls, or one of a child that works for them. */
  hasAnswerTo(session: Session, open: OpenCalls): boolean;
}
