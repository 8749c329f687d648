import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineTool, SAgent, ToolManager, type RunOptions, type Tool, type ToolEffect } from 'sagents';
import type { ScriptedAnswer } from 'sagents/testing';
import type { ChatRequest } from '../../src/model/model.ts';
import type { SentMessage } from './answers.ts';
import type { Program } from './programs.ts';
import { runOptions, tracePathOf, type TurnOptions } from './run-options.ts';

/** What a tool that asked first has done: one line in a file, written before anything else. */
export interface Deed {
  readonly tool: string;
  readonly key: string;
  readonly ms: number;
}

const parameters = { properties: { ms: { type: 'integer' } }, required: ['ms'] } as const;

/** Tools of all three effects that need approval. Each leaves its deed at once, and takes `ms` until it returns. */
function askingTools(path: string): ToolManager {
  const asking = (name: string, effect: ToolEffect): Tool =>
    defineTool({
      name,
      description: `A tool with effect "${effect}".`,
      parameters,
      effect,
      approval: 'ask',
      async execute({ ms }, { idempotencyKey: key, signal }) {
        appendFileSync(path, `${JSON.stringify({ tool: name, key, ms } satisfies Deed)}\n`);
        await setTimeout(ms, undefined, { signal });
        return `${name} took ${ms} ms`;
      },
    });
  return new ToolManager({ tools: [asking('look', 'none'), asking('save', 'idempotent'), asking('pay', 'once')] });
}

export function deedsIn(root: string, sessionId: string): Deed[] {
  const path = tracePathOf(root, sessionId);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Deed);
}

/** "pay 5, look 7" has these called side by side; then the run is done. */
function answerTo(messages: readonly SentMessage[]): ReturnType<Extract<ScriptedAnswer, (request: never) => unknown>> {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  if (messages.slice(asked).some(({ role }) => role === 'tool')) return 'All done.';
  const calls = [...(messages[asked]?.content ?? '').matchAll(/(look|save|pay) (\d+)/g)];
  return { toolCalls: calls.map(([, name = '', ms]) => ({ name, arguments: { ms: Number(ms) } })) };
}

export function askingOptions(turn: TurnOptions, more: Partial<RunOptions> = {}): RunOptions {
  const { root, sessionId, input = '' } = turn;
  // Between an answer and what it allows: the hook is asked once more, and never says anything.
  const seen = new Set<string>();
  const stalls = input.includes('stall');
  const beforeTool = ({ callKey }: { readonly callKey: string }) =>
    seen.has(callKey) ? new Promise<undefined>(() => {}) : void seen.add(callKey);
  return {
    ...runOptions(turn),
    whenApprovalNeeded: 'wait',
    toolManager: askingTools(tracePathOf(root, sessionId)),
    ...(stalls ? { hooks: { beforeTool } } : {}),
    ...more,
  };
}

export const askingAnswers = (onRequest: (messages: readonly SentMessage[]) => void = () => {}): ScriptedAnswer[] =>
  Array.from({ length: 20 }, () => ({ messages }: ChatRequest) => {
    onRequest(messages);
    return answerTo(messages);
  });

export const askingProgram: Program = {
  createAgent: (root) => new SAgent({ sessionRootSpace: root }),
  optionsFor: (turn) => askingOptions(turn),
  answersFor: (_, onRequest) => askingAnswers(onRequest),
};
