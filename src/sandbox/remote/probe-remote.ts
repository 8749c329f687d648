import { SageError } from '../../errors.ts';
import { onlyOutput, type LimitStrengths, type SandboxLimits } from '../limits.ts';
import { askFor, type RemoteServer } from './connection.ts';
import { explain } from './remote-error.ts';

interface Wishes {
  readonly remote?: RemoteServer;
  readonly sandboxId?: string;
  readonly network?: 'off' | 'on';
  readonly limits?: Partial<SandboxLimits>;
}

/**
 * What of the limits is kept from here: that of output. Asks the server, and makes nothing there.
 *
 * @throws {SageError} `sandbox-unavailable` for a server that does not answer, does not take the key or does not have the
 *   sandbox, and for what only the server could promise.
 */
export async function probeRemote(wishes: Wishes): Promise<LimitStrengths> {
  const { remote, sandboxId } = wishes;
  if (remote === undefined) {
    throw unavailable('sandboxOptions.remote is missing. Give { domain, apiKey } of a server, or another sandboxType.');
  }
  const reason = whyNot(wishes);
  if (reason !== undefined) throw unavailable(reason);
  try {
    await askFor(remote, sandboxId);
  } catch (error) {
    throw unavailable(explain(error, remote.apiKey));
  }
  return onlyOutput;
}

function whyNot({ network, limits = {} }: Wishes): string | undefined {
  if (network !== undefined) return 'Its server decides about the network. Leave sandboxOptions.network out.';
  const limit = Object.keys(limits).find((name) => name !== 'outputBytes');
  return limit === undefined ? undefined : `Its server decides about limits. Leave limits.${limit} out.`;
}

function unavailable(reason: string): SageError {
  const message = `The remote sandbox is not available. ${reason}`;
  return new SageError('sandbox-unavailable', message, { sandboxType: 'remote' });
}
