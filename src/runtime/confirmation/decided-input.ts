import type { CallToDecide } from '../../agents/permit.ts';
import type { Confirmation, Confirmations } from '../../session/confirmations.ts';
import type { CallKey, ConfirmationClosed } from '../../session/entry.ts';
import type { DecidedInput } from '../../tools/prepare-call.ts';
import { digestOfChecked } from './digest.ts';
import { digestOfRun, isPlain } from './shown-arguments.ts';

/** What a call that somebody was asked about is made of: what they were shown, or have changed that to. */
export function decidedInput(confirmations: Confirmations, call: CallKey): DecidedInput | undefined {
  // Earlier versions have shown what the schema had made of the arguments: that is not for the schema to read.
  const asked = confirmations.about(call).filter(({ checked_digest }) => checked_digest !== undefined);
  const last = asked.at(-1);
  if (last === undefined) return undefined;
  const edit = editOf(last);
  if (edit !== undefined) return { ...edit, isChanged: true };
  return { input: last.arguments, isChanged: asked.some((one) => editOf(one) !== undefined) };
}

/**
 * Whether a call would be run with what was shown, or with what a person has changed that to.
 *
 * Whoever takes an answer need not have the tool, so of what was changed nobody knows what it was then. But the schema must
 * still make the same of what was shown, and what it adds to the rest must be what stood there.
 */
export async function isAsShown(confirmation: Confirmation, { tool, args }: CallToDecide): Promise<boolean> {
  const { checked_digest, arguments: shown } = confirmation;
  if (checked_digest === undefined) return false;
  const edit = editOf(confirmation);
  if (edit === undefined) return checked_digest === digestOfChecked(args);
  if ((await digestOfRun(tool, shown)) !== checked_digest) return false;
  return (await digestOfRun(tool, withLeftOut(edit.input, shown, args))) === digestOfChecked(args);
}

export function isAllowed({ decision }: ConfirmationClosed): boolean {
  return decision === 'allow-once' || decision === 'allow-session';
}

function editOf({ closed }: Confirmation): { readonly input: unknown } | undefined {
  return closed?.arguments === undefined || !isAllowed(closed) ? undefined : { input: closed.arguments };
}

/** An edit with what it has left out of what was shown, where it is run all the same. */
function withLeftOut(edit: unknown, shown: unknown, run: unknown): unknown {
  if (!isPlain(edit) || !isPlain(shown) || !isPlain(run)) return edit;
  const kept = Object.entries(edit).map(([name, value]) => {
    const isInAll = Object.hasOwn(shown, name) && Object.hasOwn(run, name);
    return [name, isInAll ? withLeftOut(value, shown[name], run[name]) : value] as const;
  });
  const leftOut = Object.entries(shown).filter(([name]) => !Object.hasOwn(edit, name) && Object.hasOwn(run, name));
  return Object.fromEntries([...kept, ...leftOut]);
}
