import type { CallToolResult, Progress } from '@modelcontextprotocol/client';
import { SageError } from '../../errors.ts';
import { linkAbort } from '../../streams/abort.ts';
import { toText } from '../to-text.ts';
import type { ToolContext } from '../tool.ts';
import { outputOf, textOf } from './call-output.ts';
import type { McpServer } from './mcp-server.ts';
import type { RemoteTool } from './mcp-tool.ts';
import { ProgressNews } from './progress-news.ts';

/**
 * One call of a server's tool: yields its progress, returns what the model is given. The server is told to stop when the signal
 * aborts, and when the reader leaves.
 *
 * @throws {SageError} `tool-error`, also for what the server itself calls an error.
 */
export async function* callRemote(
  server: McpServer,
  remote: RemoteTool,
  args: unknown,
  { signal }: ToolContext,
): AsyncGenerator<string, unknown> {
  const stop = linkAbort(signal);
  const news = new ProgressNews();
  const onProgress = ({ message, ...place }: Progress) =>
    news.put(message === undefined ? place : { ...place, message: server.withoutSecrets(message) });
  const answer = server.call(remote, args, { signal: stop.signal, onProgress }).finally(() => news.end());
  // Whoever reads the news hears of it below.
  answer.catch(() => {});
  try {
    yield* news.read();
    const result = await answer;
    if (result.isError !== true) return outputOf(result);
    const { name } = remote.tool;
    const message = `Tool "${name}" answered with an error: ${server.withoutSecrets(errorOf(result))}`;
    throw new SageError('tool-error', message, { tool: name });
  } finally {
    stop.abort();
    stop[Symbol.dispose]();
  }
}

/** Many say it in words, some only in fields. */
function errorOf(result: CallToolResult): string {
  return textOf(result.content) || toText(outputOf(result)) || 'it does not say which.';
}
