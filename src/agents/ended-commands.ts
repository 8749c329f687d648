import type { MessageChunk } from '../messages/message.ts';
import type { BackgroundCommand } from '../sandbox/background.ts';
import type { Entry } from '../session/entry.ts';
import { executeShellCommand } from '../tools/builtin/execute-shell-command.ts';
import type { AgentContext } from './agent.ts';
import type { HookPlace } from './hook-runner.ts';
import { afterTool } from './hook-tools.ts';

/** Of its output; the rest is read with `await_shell`. */
const tailBytes = 512;

/**
 * Tells the model, before it is called, of the background commands that ended meanwhile: a message each, hidden from clients.
 * Hooks see it first, as what the shell tool has come to after all.
 */
export async function* tellEndedCommands(
  context: HookPlace & Pick<AgentContext, 'hooks' | 'endedCommands'>,
): AsyncGenerator<MessageChunk[], void> {
  const { session, signal, endedCommands } = context;
  for (const command of endedCommands()) {
    // Another branch may be telling of it.
    if (command.isAcknowledged) continue;
    // Before it is written: written twice it would be told twice, and a crash ends the command with its sandbox.
    command.acknowledge();
    const message_id = session.createId();
    const { name: tool, effect } = executeShellCommand;
    const call = { tool, effect, args: { command: command.command }, callKey: `${message_id}-0` };
    const { content } = await afterTool(context, call, { status: 'success', content: await describe(command) });
    if (signal.aborted) return;
    const entry: Entry = {
      type: 'message',
      message: {
        role: 'user',
        content: `<system_reminder>\nA background command has ended. Its whole output: await_shell.\n${content}\n</system_reminder>`,
        message_id,
        message_type: 'user_input',
        metadata: { injected: true, source: 'background_command', task_id: command.id, hidden_from_chat: true },
      },
    };
    yield session.append([entry]);
  }
}

async function describe(command: BackgroundCommand): Promise<string> {
  const { id, result, totalBytes } = command;
  const { text } = await command.read(Math.max(0, totalBytes - tailBytes), tailBytes);
  return JSON.stringify({
    task_id: id,
    command: command.command,
    exit_code: result?.exitCode,
    ended_by: result?.endedBy,
    output_bytes: totalBytes,
    output_tail: text,
  });
}
