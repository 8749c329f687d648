import type { CallKey } from '../../session/entry.ts';
import { readTasks, type TodoTask } from '../../tools/builtin/todo.ts';
import type { AgentContext } from '../agent.ts';

type Looks = Pick<AgentContext, 'session' | 'permit' | 'tools'>;

const todoTool = 'todo_write';

/** The tasks of a list that was written in this run and can still be, if it was begun: one nobody has begun is a plan. */
export function begunTasks({ session, tools }: Looks): readonly TodoTask[] {
  const isWritten = succeeded(session).some(({ tool }) => tool === todoTool);
  if (!isWritten || tools.getTool(todoTool) === undefined) return [];
  const tasks = readTasks(session.toolState);
  return tasks.some(({ status }) => status !== 'pending') ? tasks : [];
}

/** The files that the file tools have written in this run, as they were named, the newest first. Some may be gone. */
export function writtenFiles({ session, permit }: Looks): string[] {
  const files = succeeded(session).flatMap(({ tool, key }) => {
    const named = writers[tool];
    if (named === undefined) return [];
    const [messageId, index] = key;
    // No text at all is no arguments.
    const asked = session.ledger.find(messageId)?.tool_calls?.[index]?.function.arguments.trim() || '{}';
    const { input } = permit.decidedInput(session, key) ?? { input: JSON.parse(asked) as unknown };
    return named(input as Arguments);
  });
  return [...new Set(files)];
}

/** They fit the tool's parameters, for it has succeeded; it may be a host's own, with others. */
type Arguments = Readonly<Record<string, unknown>>;

const writers: Readonly<Record<string, (args: Arguments) => string[]>> = {
  file_write: ({ file_path }) => texts(file_path),
  file_update: ({ file_path }) => texts(file_path),
  apply_patch: ({ patch }) => texts(patch).flatMap(patchedFiles),
};

function texts(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

function patchedFiles(patch: string): string[] {
  return [...patch.matchAll(/^\*\*\* (?:(?:Add|Update) File|Move to): (.+?)\r?$/gm)].map(([, path = '']) => path);
}

/** The calls of this run that gave a result, the newest first. */
function succeeded({ ledger, beganAt }: AgentContext['session']): { readonly tool: string; readonly key: CallKey }[] {
  const since = ledger.whole.findLastIndex(({ message }) => message.seq < beganAt) + 1;
  return ledger.whole
    .slice(since)
    .toReversed()
    .flatMap(({ call: key, message: { metadata = {} } }) =>
      key === undefined || metadata['tool_execution_status'] !== 'success'
        ? []
        : [{ tool: String(metadata['tool_name']), key }],
    );
}
