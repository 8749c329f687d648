import type { CallKey } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { Answer, Decision } from '../tools/confirmation.ts';
import type { Tool } from '../tools/tool.ts';

/** A call whose arguments fit, and which nothing has been decided about. */
export interface CallToDecide {
  readonly call: CallKey;
  readonly tool: Tool;
  readonly args: unknown;
}

/** Who decides on the calls of a run: one for all its sessions. */
export interface Permit {
  /** `tighten` is told what the rules say, where they do not refuse, and may say something stricter. */
  decide(session: Session, call: CallToDecide, tighten?: (decision: Decision) => Promise<Decision>): Promise<Decision>;
  /** Asks a person, unless somebody has answered already. Yields when the question has been stored. */
  ask(
    session: Session,
    asked: CallToDecide & { readonly reason: string },
    signal: AbortSignal,
  ): AsyncGenerator<void, Answer>;
}
