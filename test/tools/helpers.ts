import { ActiveClock } from '../../src/streams/active-clock.ts';
import { callTools, type CallToolsOptions, type ToolEvent } from '../../src/tools/call-tools.ts';
import type { CallOutcome, PlacedCall } from '../../src/tools/prepare-call.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { defineTool, type Tool, type ToolContext } from '../../src/tools/tool.ts';

/** A tool without parameters. */
export function tool(
  name: string,
  execute: (args: unknown, context: ToolContext) => unknown,
  more: Partial<Tool> = {},
): Tool {
  return { ...defineTool({ name, description: `Does ${name}.`, execute }), ...more };
}

/** The calls of one message. Arguments are sent as their JSON, text as it is. */
export function calls(...asked: readonly (readonly [name: string, args?: unknown])[]): PlacedCall[] {
  return asked.map(([name, args = {}], index) => ({
    index,
    call: {
      id: `c${index}`,
      type: 'function',
      function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
    },
  }));
}

/** What a tool is told, outside of any run. */
export function toolContext(signal: AbortSignal = new AbortController().signal): ToolContext {
  const state = new Map<string, unknown>();
  return { sessionId: 's', runId: 'r', callId: 'c', idempotencyKey: 'm-0', signal, state };
}

/** Options for `callTools`, and the log of what it did with them. */
export function createStage(tools: readonly Tool[], more: Partial<CallToolsOptions> = {}) {
  const log: string[] = [];
  const outcomes: CallOutcome[] = [];
  const controller = new AbortController();
  const options: CallToolsOptions = {
    tools: new ToolManager({ tools }),
    decide: () => ({ type: 'allow' }),
    ask: () => {
      throw new Error('Nobody is asked here.');
    },
    effects: {
      async intents(placed) {
        log.push(`intents ${placed.map(({ index }) => index).join()}`);
      },
      result({ index }, outcome) {
        log.push(`result ${index}: ${outcome.status}`);
        outcomes[index] = outcome;
      },
    },
    contextOf: ({ index, call }) => ({ ...toolContext(), callId: call.id, call: ['m', index] }),
    childrenOf: () => undefined,
    openSandbox: () => Promise.reject(new Error('There is no sandbox here.')),
    signal: controller.signal,
    clock: new ActiveClock(),
    toolMs: Infinity,
    graceMs: 1_000,
    onAbandoned: ({ call }) => log.push(`${call.function.name} abandoned`),
    ...more,
  };
  const open = (placed: readonly PlacedCall[]) => callTools(placed, options);
  const run = async (placed: readonly PlacedCall[]): Promise<ToolEvent[]> => {
    const events: ToolEvent[] = [];
    for await (const event of open(placed)) events.push(event);
    return events;
  };
  return { log, outcomes, controller, open, run };
}

/** The error a model is told, parsed. */
export function told(outcome: CallOutcome | undefined): unknown {
  return JSON.parse(outcome?.content ?? 'null');
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
