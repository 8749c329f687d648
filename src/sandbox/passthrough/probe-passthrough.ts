import { SageError } from '../../errors.ts';
import { onlyOutput, type LimitStrengths, type SandboxLimits } from '../limits.ts';
import type { VolumeMount } from '../sandbox.ts';

interface Wishes {
  readonly network?: 'off' | 'on';
  readonly limits?: Partial<SandboxLimits>;
  readonly mounts?: readonly VolumeMount[];
}

/**
 * What passthrough keeps of the limits: that of output.
 *
 * @throws {SageError} `sandbox-unavailable` for what was asked of it and it cannot do: it confines nothing.
 */
export function probePassthrough(wishes: Wishes): LimitStrengths {
  const reason = whyNot(wishes);
  if (reason !== undefined) {
    const message = `The passthrough sandbox is not available: ${reason}, or use sandboxType 'local'.`;
    throw new SageError('sandbox-unavailable', message, { sandboxType: 'passthrough' });
  }
  return onlyOutput;
}

function whyNot({ network, limits = {}, mounts = [] }: Wishes): string | undefined {
  if (network === 'off') return "commands have the host's network. Leave network out";
  const limit = Object.keys(limits).find((name) => name !== 'outputBytes');
  if (limit !== undefined) return `nothing keeps limits.${limit}. Leave it out`;
  // What commands see is the host's own tree: a path cannot mean something else there, nor be kept from being written.
  const moved = mounts.find(({ hostPath, mountPath }) => hostPath !== mountPath);
  if (moved !== undefined) {
    return `commands run on the host itself, where "${moved.hostPath}" cannot be at "${moved.mountPath}". Mount it at its own path`;
  }
  const kept = mounts.find(({ readOnly }) => readOnly === true);
  if (kept === undefined) return undefined;
  return `nothing keeps a command from writing to "${kept.mountPath}". Mount it without readOnly`;
}
