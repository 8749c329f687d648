import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import type { SandboxToolContext, Tool } from '../../../src/tools/tool.ts';
import { temporaryWorkspace } from '../../sandbox/helpers.ts';

/** A passthrough sandbox on an empty workspace; the test closes it. */
export async function openWorkspace(): Promise<Sandbox> {
  return openPassthroughSandbox({ workspace: await temporaryWorkspace() });
}

/** Starts a call as `callTools` does: with arguments that passed the tool's check. */
export async function startCall(tool: Tool, args: unknown, context: Pick<SandboxToolContext, 'sandbox' | 'signal'>) {
  const checked = await tool.inputSchema.validate(args);
  if ('issues' in checked) throw new Error(checked.issues.join('\n'));
  const state = new Map<string, unknown>();
  const ids = { sessionId: 's', runId: 'r', callId: 'c', idempotencyKey: 'r/c' };
  return tool.execute(checked.value, { ...ids, state, ...context });
}

/** Runs a call of a tool that has no progress. */
export async function callTool(tool: Tool, args: unknown, sandbox: Sandbox): Promise<unknown> {
  return await startCall(tool, args, { sandbox, signal: new AbortController().signal });
}
