import { SageError } from '../../errors.ts';
import type { CallFailure } from './call-failure.ts';
import type { McpServerStatus } from './mcp-server.ts';
import type { RemoteTool } from './mcp-tool.ts';

/** For the model: a tool it was offered is no longer what it was. */
export function goneOrChanged({ tool }: RemoteTool, { name, tools }: McpServerStatus): SageError {
  const message = tools.includes(tool.name)
    ? `Tool "${tool.name}" was changed by MCP server "${name}" since it was offered. It was not run, and is offered anew in the next run.`
    : `Tool "${tool.name}" is gone: MCP server "${name}" no longer has it. It has: ${tools.join(', ') || 'none'}.`;
  return new SageError('tool-error', message, { tool: tool.name });
}

/** For the model: a call that failed, and above all whether it has run. */
export function failedCall({ tool }: RemoteTool, server: string, type: CallFailure['type'], why: string): SageError {
  const messages = {
    'not-sent': `cannot be reached: ${why}. The call was not run.`,
    'session-lost': `knows no session of ours: ${why}. The call was not run.`,
    'refused': `refused the call: ${why}. It was not run.`,
    'answered': `answered with an error: ${why}`,
    'lost': `was lost before it answered: ${why}. The call may or may not have run: look before you repeat it.`,
  };
  return new SageError('tool-error', `MCP server "${server}" ${messages[type]}`, { tool: tool.name });
}
