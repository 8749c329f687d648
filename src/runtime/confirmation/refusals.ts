import type { CallToDecide } from '../../agents/permit.ts';
import type { ConfirmationClosed } from '../../session/entry.ts';
import type { Decision, Denied, Question } from '../../tools/confirmation.ts';
import type { Tool } from '../../tools/tool.ts';

/** How often a person is asked about one call. */
export const mostTimesAsked = 3;

/** What the model is told of a call that a person has not allowed. */
export function refusalOf({ decision }: ConfirmationClosed, tool: Tool): Denied {
  switch (decision) {
    case 'deny':
      return deny(tool, 'The user has declined it. Do not call it again in other words; ask what to do instead.');
    case 'expired':
      return deny(tool, 'Nobody has answered in time.');
    default:
      return deny(tool, 'It was given up before anybody had answered.');
  }
}

export function nobodyAnswers({ tool, reason }: CallToDecide & Question): Denied {
  if (tool.question !== undefined)
    return deny(tool, 'Nobody answers questions in this run. Go on without, and say what you assumed.');
  return deny(tool, `${reason} It needs approval, and nobody answers in this run.`);
}

export function cannotBeShown({ tool }: CallToDecide): Denied {
  return deny(
    tool,
    'It needs approval, and nobody can be shown what would be run: its parameters make something else of the same arguments each time.',
  );
}

export function isNeverTheSame(tool: Tool): Denied {
  return deny(
    tool,
    `A person was asked ${mostTimesAsked} times, and each time something else would have been run than was shown.`,
  );
}

/** Why somebody is asked again. */
export function askedAnew({ tool, args }: CallToDecide, verdict: Decision): string {
  if (tool.question !== undefined) return tool.question(args);
  const why = 'It is asked about again, because its tool would not run it any more as it was shown.';
  return verdict.type === 'ask' ? `${verdict.reason} ${why}` : why;
}

function deny({ name }: Tool, why: string): Denied {
  return { type: 'deny', reason: `Tool "${name}" was not run. ${why}` };
}
