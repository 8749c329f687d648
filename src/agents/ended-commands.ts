import type { MessageChunk } from '../messages/message.ts';
import type { BackgroundCommand } from '../sandbox/background.ts';
import type { Entry } from '../session/entry.ts';
import type { AgentContext } from './agent.ts';

/** Of its output; the rest is read with `await_shell`. */
const tailBytes = 512;

/** Tells the model, before it is called, of the background commands that ended meanwhile: a message each, hidden from clients. */
export async function* tellEndedCommands({
  session,
  endedCommands,
}: Pick<AgentContext, 'session' | 'endedCommands'>): AsyncGenerator<MessageChunk[], void> {
  for (const command of endedCommands()) {
    const entry: Entry = {
      type: 'message',
      message: {
        role: 'user',
        content: await describe(command),
        message_id: session.createId(),
        message_type: 'user_input',
        metadata: { injected: true, source: 'background_command', task_id: command.id, hidden_from_chat: true },
      },
    };
    // Before it is written: written twice it would be told twice, and a crash ends the command with its sandbox.
    command.acknowledge();
    yield session.append([entry]);
  }
}

async function describe(command: BackgroundCommand): Promise<string> {
  const { id, result, totalBytes } = command;
  const { text } = await command.read(Math.max(0, totalBytes - tailBytes), tailBytes);
  const facts = {
    task_id: id,
    command: command.command,
    exit_code: result?.exitCode,
    ended_by: result?.endedBy,
    output_bytes: totalBytes,
    output_tail: text,
  };
  return `<system_reminder>\nA background command has ended. Its whole output: await_shell.\n${JSON.stringify(facts)}\n</system_reminder>`;
}
