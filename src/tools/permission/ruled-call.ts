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
  /** What a command line does; `undefined` for tools that run none, and where none can be read. */
  readonly report: CommandReport | undefined;
}

export async function toRuledCall(call: PermissionCall, defaultMode: PermissionMode): Promise<RuledCall> {
  const { tool, sandboxType, mode = defaultMode, workspace } = call;
  const args = isRecord(call.args) ? call.args : {};
  const isConfined = tool.sandbox === 'needed' && sandboxType !== 'passthrough';
  const report =
    tool.shell === undefined ? undefined : await reportOf(tool.shell, args, { tool, isConfined, workspace });
  return { tool, args, isConfined, mode, workspace, report };
}

async function reportOf(
  shell: ShellArguments,
  args: RuledCall['args'],
  { tool, isConfined, workspace }: Pick<RuledCall, 'tool' | 'isConfined' | 'workspace'>,
): Promise<CommandReport | undefined> {
  const command = toCommandLine(args[shell.command]);
  if (command === undefined) return undefined;
  // The reading of commands is loaded with the first of them.
  const { judgeCommand } = await import('./shell/judge-command.ts');
  const [folder, variables] = [shell.folder, shell.environment].map((name) =>
    name === undefined ? undefined : args[name],
  );
  const environment = isRecord(variables)
    ? Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]))
    : {};
  const line = { command, folder: typeof folder === 'string' ? folder : undefined, environment };
  // Where a tool without a sandbox runs what it is given, it alone knows.
  return await judgeCommand(
    line,
    tool.sandbox === 'needed' ? { isConfined, start: 'workspace', workspace } : { isConfined, start: 'unknown' },
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
