import type { SandboxType } from '../../sandbox/sandbox.ts';
import type { Tool } from '../tool.ts';
import type { PermissionCall, PermissionMode } from './permission.ts';
import type { CommandReport } from './shell/command.ts';

/** A call with all that rules and modes look at. */
export interface RuledCall {
  readonly tool: Tool;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sandboxType: SandboxType;
  readonly mode: PermissionMode;
  readonly workspace: string | undefined;
  /** What a command line does; `undefined` for other tools. */
  readonly report: CommandReport | undefined;
}

/** The tool whose `command` a shell runs. */
export const shellTool = 'execute_shell_command';

export async function toRuledCall(call: PermissionCall, defaultMode: PermissionMode): Promise<RuledCall> {
  const { tool, sandboxType, mode = defaultMode, workspace } = call;
  const args = isRecord(call.args) ? call.args : {};
  const report = tool.name === shellTool ? await reportOf(args, sandboxType, workspace) : undefined;
  return { tool, args, sandboxType, mode, workspace, report };
}

async function reportOf(
  { command, workdir, env_vars }: Readonly<Record<string, unknown>>,
  sandboxType: SandboxType,
  workspace: string | undefined,
): Promise<CommandReport | undefined> {
  if (typeof command !== 'string') return undefined;
  // The reading of commands is loaded with the first of them.
  const { judgeCommand } = await import('./shell/judge-command.ts');
  const folder = typeof workdir === 'string' ? workdir : undefined;
  const environment = isRecord(env_vars) ? Object.entries(env_vars).map(([name, value]) => [name, String(value)]) : [];
  const call = { command, folder, environment: Object.fromEntries(environment) as Readonly<Record<string, string>> };
  return await judgeCommand(call, { isConfined: sandboxType !== 'passthrough', workspace });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
