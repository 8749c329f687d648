import { SageError } from '../errors.ts';
import { mapBatches } from '../streams/map-batches.ts';
import { listParameters } from './list-parameters.ts';
import { toText } from './to-text.ts';
import type { DelegatingToolContext, SandboxToolContext, Tool, ToolContext, ToolOutput } from './tool.ts';

/**
 * Runs a tool with arguments that have been checked. Yields its progress as text, returns what it gives back, throws what it
 * throws. A tool that is no generator yields nothing.
 */
export async function* runTool(
  tool: Tool,
  args: unknown,
  context: ToolContext | SandboxToolContext | DelegatingToolContext,
): AsyncGenerator<string, ToolOutput> {
  const output = tool.execute(args, context);
  return isAsyncGenerator(output) ? yield* mapBatches(output, toText) : await output;
}

/** @throws {SageError} `tool-error` with every issue, each with its path, and the parameters there are. */
export async function checkArguments(tool: Tool, args: unknown): Promise<unknown> {
  const result = await tool.inputSchema.validate(args);
  if (!('issues' in result)) return result.value;
  const issues = result.issues.join('; ');
  const message = `The arguments of tool "${tool.name}" do not fit its parameters: ${issues}.`;
  throw new SageError('tool-error', `${message} ${listParameters(tool.inputSchema.jsonSchema)}`, { tool: tool.name });
}

/** Why a tool is stopped that has had its time. */
export function outOfTime(tool: string, ms: number): SageError {
  const message = `Tool "${tool}" did not end within ${ms} ms and was stopped. It may have had an effect.`;
  return new SageError('deadline', message, { deadline: 'toolMs', ms });
}

function isAsyncGenerator(output: unknown): output is AsyncGenerator<unknown, unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}
