import type { CallToDecide } from '../agents/permit.ts';
import type { Session } from '../session/session.ts';
import type { Decision } from '../tools/confirmation.ts';
import type { CheckedOptions } from './check-options.ts';

/** What is to become of a call before any person is asked: by the run's rules. */
export function createJudge(_options: CheckedOptions): (session: Session, call: CallToDecide) => Promise<Decision> {
  return async (_session, { tool }) => {
    if (tool.approval === 'allow') return { type: 'allow' };
    return { type: 'ask', reason: `May "${tool.name}" be run?` };
  };
}
