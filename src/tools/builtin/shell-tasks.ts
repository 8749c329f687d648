import { SageError } from '../../errors.ts';
import type { BackgroundCommand } from '../../sandbox/background.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/**
 * The background command of this sandbox, and of no other, that has the id.
 *
 * @throws {SageError} `tool-error` with the ids that are known.
 */
export function findTask(sandbox: Sandbox, id: string, tool: string): BackgroundCommand {
  const tasks = sandbox.backgroundCommands();
  const found = tasks.find((task) => task.id === id);
  if (found !== undefined) return found;
  const running = tasks.filter(({ result }) => result === undefined).map((task) => task.id);
  const known = running.length === 0 ? 'No command runs in the background.' : `Running: ${running.join(', ')}.`;
  const message = `There is no background command "${id}". ${known} Commands end with the run that started them.`;
  throw new SageError('tool-error', message, { tool });
}
