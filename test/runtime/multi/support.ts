import type { RunOptions } from '../../../src/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';

/** What the agents of multi are answered with. */
export const plan = (next_step: string, expected_result = 'it is there') =>
  JSON.stringify({ next_step, expected_result });
export const observation = (result: string, still_open = '', has_worked = true) =>
  JSON.stringify({ result, has_worked, still_open });
export const judgement = (verdict: 'completed' | 'continue' | 'need_user_input', reason = 'Because.') =>
  JSON.stringify({ reason, verdict });

export const multi: Partial<RunOptions> = { agentMode: 'multi', sessionId: 's' };

/** The name of the shape a request asks for; `text` where it asks for none. */
export function askedFor({ response_format: format }: ChatRequest): string {
  return typeof format === 'object' && format !== null && 'json_schema' in format
    ? (format.json_schema as { readonly name: string }).name
    : 'text';
}
