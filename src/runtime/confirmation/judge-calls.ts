import { invalid } from '../options/check-values.ts';
import { delegationTools } from '../../agents/fibre/delegation-tools.ts';
import { finishToolName } from '../../agents/fibre/finish-task.ts';
import type { CallToDecide } from '../../agents/permit.ts';
import type { Entry } from '../../session/entry.ts';
import type { SessionState } from '../../session/session-state.ts';
import type { Decision } from '../../tools/confirmation.ts';
import { describeDenial } from '../../tools/permission/describe-denial.ts';
import { permissionModes, type PermissionMode } from '../../tools/permission/permission.ts';
import { expandToolName } from '../../tools/unknown-tool.ts';
import type { CheckedOptions } from '../options/check-options.ts';

const stateKey = 'permission_mode';

const runtimeOnly: readonly string[] = [...delegationTools, finishToolName, expandToolName];

/**
 * What the rules of a run say of a call, before any person is asked. `root` is where a mode is kept that was set meanwhile,
 * `folderOf` tells where in the workspace a session works.
 */
export function createJudge(
  { permissions, sandboxType, workspace, toolManager }: CheckedOptions,
  root: SessionState,
  folderOf: (sessionId: string) => string,
): (use: Pick<CallToDecide, 'tool' | 'args'>, sessionId: string) => Promise<Decision> {
  return async ({ tool, args }, sessionId) => {
    const folder = folderOf(sessionId);
    const verdict = await permissions.decide({ tool, args, sandboxType, workspace, folder, mode: modeOf(root) });
    const { action, by, reason } = verdict;
    // Modes are about what a host's tools do: with these an agent only speaks to the runtime, and to agents that obey the same.
    const isRuntimes = runtimeOnly.includes(tool.name) && toolManager?.getTool(tool.name) === undefined;
    if (by === 'mode' && isRuntimes) return { type: 'allow' };
    return action === 'deny' ? { type: 'deny', reason: describeDenial(tool.name, verdict) } : { type: action, reason };
  };
}

/** Sets the mode of a run and its children, from the next call on. */
export function modeEntry(mode: PermissionMode): Entry {
  return { type: 'run_state', key: stateKey, value: mode };
}

/** @throws {SageError} `invalid-argument`. */
export function mustBeMode(mode: unknown): asserts mode is PermissionMode {
  if ((permissionModes as readonly unknown[]).includes(mode)) return;
  throw invalid('mode', mode, permissionModes.map((one) => `'${one}'`).join(', '));
}

function modeOf({ lastRun }: SessionState): PermissionMode | undefined {
  // Only `modeEntry` writes it.
  return lastRun?.state.get(stateKey) as PermissionMode | undefined;
}
