import { builtinTools, defineTool, PermissionEngine, ToolManager, type PermissionOptions, type Tool } from 'sagents';
import type { CommandReport } from '../../../src/tools/permission/shell/command.ts';
import { judgeCommand } from '../../../src/tools/permission/shell/judge-command.ts';

export const workspace = '/home/u/work';

const make = (name: string, effect: Tool['effect'], approval: Tool['approval'] = 'allow'): Tool =>
  defineTool({
    name,
    description: 'A tool of the host.',
    parameters: {
      type: 'object',
      properties: {
        text: { type: 'string' },
        url: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
    effect,
    approval,
    execute: () => 'done',
  });

/** The built-in tools, and those of a host and an MCP server. */
export const tools = new ToolManager({
  tools: [
    ...builtinTools(),
    make('look_up', 'none'),
    make('look_up_asking', 'none', 'ask'),
    make('send_mail', 'once'),
    make('send_mail_asking', 'once', 'ask'),
    make('mcp_github_create_issue', 'once'),
  ],
});

interface Where {
  readonly sandboxType?: 'local' | 'remote' | 'passthrough';
  readonly mode?: 'read-only' | 'workspace-write' | 'full-access' | 'plan';
}

/** What an engine with these permissions decides about a call. */
export function decide(permissions: PermissionOptions, tool: string, args: unknown, where: Where = {}) {
  return new PermissionEngine(permissions).decide(toCall(tool, args, where));
}

export function toCall(name: string, args: unknown, { sandboxType = 'local', mode }: Where = {}) {
  const tool = tools.getTool(name);
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  return { tool, args, sandboxType, mode, workspace };
}

/** What a command line is judged to be, on the host unless told otherwise. */
export function judge(command: string, where: 'host' | 'confined' = 'host'): Promise<CommandReport> {
  return judgeCommand({ command }, { isConfined: where === 'confined', start: '.', workspace });
}

export async function classOf(command: string, where: 'host' | 'confined' = 'host'): Promise<string> {
  return (await judge(command, where)).class;
}
