import type { ChildOutcome } from '../../agents/fibre/delegator.ts';
import { withPeriod } from '../../errors.ts';
import { finishOf } from '../../agents/fibre/finish-task.ts';
import { textOf, type Message } from '../../messages/message.ts';
import type { ChildResult, RunEnded } from '../../session/entry.ts';
import type { Ledger } from '../../session/ledger.ts';
import type { RunVerdict } from '../close-run.ts';
import { statusOfReason, type RunReason } from '../run-outcome.ts';

/** Characters of an answer that its parent is shown; beyond that, its beginning and its end. */
const mostCharacters = 40_000;

/** Why a child that has not failed by an error is no success. */
const excuses: Partial<Record<RunReason, string>> = {
  'max-loops': 'It has used up the steps it may take, and was not through.',
  'loop-detected': 'It went in a circle, also after it was told so.',
  'need-user-input': 'It needs an answer that only the user can give.',
};

/** What a child's run has come to, as its parent is told. `ledger` is the child's, with the run at its end. */
export function childResultOf({ reason, note, error }: RunVerdict, ledger: Ledger): ChildResult {
  const messages = sinceTask(ledger);
  const finish = finishOf(ledger.state);
  // Also where it has answered guidance since: whoever gave the task waits for the result.
  const finished = messages.some(({ message_id }) => message_id === finish?.message_id) ? finish : undefined;
  const text = shorten(finished?.result ?? lastAnswer(messages).map(textOf).join(''));
  if (reason === 'done') return { status: finished?.status ?? 'completed', text };
  const status = statusOfReason[reason] === 'interrupted' ? 'interrupted' : 'failed';
  const why = error?.message ?? excuses[reason] ?? withPeriod(`It was stopped${note === undefined ? '' : `: ${note}`}`);
  return { status, text, error: why };
}

/** The same, from what is stored of it. */
export function childOutcomeOf({ reason, result }: RunEnded, folder: string): ChildOutcome {
  const { status, text, error } = result ?? { status: 'interrupted', text: '' };
  const gaveUp = status === 'failed' && reason === 'done';
  return { status, reason: gaveUp ? 'gave-up' : reason, text, ...(error === undefined ? {} : { error }), folder };
}

/** All that has been said since it was given its task. */
function sinceTask(ledger: Ledger): readonly Message[] {
  const messages = ledger.messages();
  return messages.slice(messages.findLastIndex(({ metadata }) => metadata?.['source'] === 'delegation') + 1);
}

/** What the model said last: where a crash cut it off, that and what went on from there. */
function lastAnswer(messages: readonly Message[]): readonly Message[] {
  const answer: Message[] = [];
  for (const message of messages.toReversed()) {
    const { role, agent_name, metadata = {} } = message;
    const isSpoken = role === 'assistant' && agent_name !== undefined;
    if (answer.length > 0 && (isSpoken ? metadata['incomplete'] !== 'crashed' : role !== 'user')) break;
    if (isSpoken) answer.unshift(message);
  }
  return answer;
}

function shorten(text: string): string {
  if (text.length <= mostCharacters) return text;
  const half = mostCharacters / 2;
  const left = text.length - mostCharacters;
  return `${text.slice(0, half)}\n[… ${left} characters are left out; ask the same session for them …]\n${text.slice(-half)}`;
}
