import { SageError } from '../../errors.ts';
import type { Sessions } from '../open-journal.ts';
import { notFound } from '../start-run.ts';

/** Why a child cannot be run by itself; `undefined` for any other session. To another tenant it does not exist. */
export async function refusalOfChild(
  { store, cache }: Sessions,
  sessionId: string,
  tenantId: string | undefined,
): Promise<SageError | undefined> {
  const rootId = await store.rootOf(sessionId);
  if (rootId === undefined) return undefined;
  const { started } = (await cache.read(store, rootId)) ?? {};
  if (tenantId !== undefined && started?.tenant_id !== tenantId) return notFound(sessionId);
  return isChild(sessionId, rootId);
}

export function isChild(sessionId: string, rootId: string): SageError {
  const message = `Session "${sessionId}" is a child of session "${rootId}" and has no run of its own. Use "${rootId}".`;
  return new SageError('invalid-argument', message, { option: 'sessionId', given: sessionId, allowed: rootId });
}
