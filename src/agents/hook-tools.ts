import type { CallOutcome } from '../tools/prepare-call.ts';
import type { Decision } from '../tools/confirmation.ts';
import type { AgentContext } from './agent.ts';
import type { HookPlace } from './hook-runner.ts';
import type { HookedCall } from './hooks.ts';
import { readAfterTool, readBeforeTool } from './read-hook-results.ts';

type Context = HookPlace & Pick<AgentContext, 'hooks'>;

/** What the hook makes of a call that the rules let pass or would have a person asked about: never less strict. */
export async function beforeTool(context: Context, call: HookedCall, decision: Decision): Promise<Decision> {
  const { hooks } = context;
  if (hooks === undefined) return decision;
  const end = await hooks.run('beforeTool', call, context, readBeforeTool);
  const refuse = (reason: string): Decision => ({ type: 'deny', reason: `Tool "${call.tool}" was not run. ${reason}` });
  switch (end.type) {
    case 'passed':
      return decision;
    case 'said':
      return end.result.action === 'deny' ? refuse(end.result.reason) : { type: 'ask', reason: end.result.reason };
    case 'failed':
      return refuse(end.reason);
    case 'stopped':
      return refuse('The run is being stopped.');
  }
}

/** What is told of a call that ran. Where the hook fails nobody sees what it might have kept back. */
export async function afterTool(
  context: Context,
  call: HookedCall,
  { status, content }: CallOutcome,
): Promise<CallOutcome> {
  const { hooks } = context;
  if (hooks === undefined) return { status, content };
  const end = await hooks.run('afterTool', { ...call, status, content }, context, readAfterTool);
  if (end.type === 'said') return { status, content: end.result.content };
  if (end.type === 'passed') return { status, content };
  const why = end.type === 'failed' ? end.reason : 'The run is being stopped.';
  const told = status === 'success' ? 'error' : status;
  return { status: told, content: `Tool "${call.tool}" was run, and its result is withheld. ${why}` };
}
