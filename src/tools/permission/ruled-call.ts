import type { ShellArguments, Tool } from '../tool.ts';
import type { PermissionCall, PermissionMode } from './permission.ts';
import type { CommandReport } from './shell/command.ts';

/** A call with all that rules and modes look at. */
export interface RuledCall {
  readonly tool: Tool;
  readonly args: Readonly<Record<string, unknown>>;
  /** Whether what it runs reaches only what is its sandbox's. */
  readonly isConfined: boolean;
  readonly mode: PermissionMode;
  readonly workspace: string | undefined;
  /** Where in it relative paths begin. */
  readonly folder: string;
  /** What a command line does; `undefined` for tools that run none, and where none can be read. */
  readonly report: CommandReport | undefined;
}

export async function toRuledCall(call: PermissionCall, defaultMode: PermissionMode): Promise<RuledCall> {
  const { tool, sandboxType, mode = defaultMode, workspace, folder = '.' } = call;
  const args = isRecord(call.args) ? call.args : {};
  const isConfined = tool.sandbox === 'needed' && sandboxType !== 'passthrough';
  const ruled = { tool, args, isConfined, mode, workspace, folder };
  return { ...ruled, report: tool.shell === undefined ? undefined : await reportOf(tool.shell, ruled) };
}

async function reportOf(
  shell: ShellArguments,
  { tool, args, isConfined, workspace, folder }: Omit<RuledCall, 'report'>,
): Promise<CommandReport | undefined> {
  const command = toCommandLine(args[shell.command]);
  if (command === undefined) return undefined;
  const at = shell.folder === undefined ? undefined : args[shell.folder];
  const variables = shell.environment === undefined ? undefined : args[shell.environment];
  const environment = isRecord(variables) ? Object.entries(variables) : [];
  // The reading of commands is loaded with the first of them.
  const { judgeCommand } = await import('./shell/judge-command.ts');
  return await judgeCommand(
    {
      command,
      folder: typeof at === 'string' ? at : undefined,
      environment: Object.fromEntries(environment.map(([name, value]) => [name, String(value)])),
    },
    // Where a tool without a sandbox runs what it is given, it alone knows.
    tool.sandbox === 'needed' ? { isConfined, workspace, start: folder } : { isConfined },
  );
}

/** A list is the words of one command. */
function toCommandLine(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) return undefined;
  return value.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
