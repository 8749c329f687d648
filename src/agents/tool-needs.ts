import { textOf, type Message } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Tool } from '../tools/tool.ts';
import { planState } from './multi/multi-state.ts';
import type { RunContext } from './run-context.ts';

/** What is to be done, and what was said before it, the newest first. */
export interface Task {
  readonly text: string;
  readonly before: readonly string[];
}

/** In multi the step that was planned, else what the user says; before it the user's turn before. */
export function taskOf({ messages, state }: RunContext): Task {
  const said = messages.filter((message) => message.role === 'user' && isVisible(message)).slice(-2);
  const step = planState.of(state)?.nextStep;
  const [text = '', ...before] = [...(step === undefined ? [] : [step]), ...said.map(textOf).reverse()];
  return { text, before };
}

/** The newest count: a session that has used many tools shall still get others that fit. */
const mostUsed = 10;

/** The tools that were called, the newest first. */
export function usedTools(messages: readonly Message[], tools: readonly Tool[]): readonly string[] {
  const called = messages.flatMap(({ tool_calls = [] }) => tool_calls.map((call) => call.function.name));
  const known = new Set(tools.map(({ name }) => name));
  return [...new Set(called.reverse())].filter((name) => known.has(name)).slice(0, mostUsed);
}
