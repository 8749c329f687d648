import { once } from 'node:events';
import { defineTool, ToolManager, type Tool } from '../../src/index.ts';

/** A tool at work, as seen from outside. */
export interface ToolLog {
  started: number;
  finished: number;
  /** Whether its signal had aborted when it finished, for each time. */
  readonly aborted: boolean[];
}

export const newLog = (): ToolLog => ({ started: 0, finished: 0, aborted: [] });

/** Ends when its signal aborts, and not before. */
export function waitingTool(log: ToolLog, { onStart = () => {} }: { readonly onStart?: () => void } = {}): Tool {
  return defineTool({
    name: 'wait',
    description: 'Waits until it is stopped.',
    async execute(_, { signal }) {
      await logged(log, signal, async () => {
        onStart();
        if (!signal.aborted) await once(signal, 'abort');
        signal.throwIfAborted();
      });
    },
  });
}

/** Tells of its progress for ever, and looks at its signal only where it waits. */
export function tellingTool(log: ToolLog): Tool {
  return defineTool({
    name: 'tell',
    description: 'Tells of its progress until it is stopped.',
    async *execute(_, { signal }) {
      log.started += 1;
      try {
        for (let number = 1; ; number += 1) yield `${number} `;
      } finally {
        log.finished += 1;
        log.aborted.push(signal.aborted);
      }
    },
  });
}

/** Does not hear its signal, and never ends. */
export const deafTool = (onStart = () => {}): Tool =>
  defineTool({
    name: 'deaf',
    description: 'Never ends.',
    execute: () => {
      onStart();
      return new Promise(() => {});
    },
  });

/** Gives back its arguments. */
export const echoTool = (): Tool =>
  defineTool({
    name: 'echo',
    description: 'Gives back what it is given.',
    parameters: { properties: { text: { type: 'string' } } },
    effect: 'none',
    execute: ({ text }) => text,
  });

export const managerOf = (...tools: readonly Tool[]) => new ToolManager({ tools });

export const call = (name: string, given: unknown = {}) => ({ toolCalls: [{ name, arguments: given }] });

export const echo = (text: string) => call('echo', { text });

async function logged(log: ToolLog, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  log.started += 1;
  try {
    await work();
  } finally {
    log.finished += 1;
    log.aborted.push(signal.aborted);
  }
}
