import type { CustomSubAgent, Message, MessageChunk, Run, RunOptions } from '../../../src/index.ts';
import { assembleMessages } from '../../../src/messages/assemble.ts';
import type { ChatRequest } from '../../../src/model/model.ts';
import { scriptedTeam, type ScriptedAnswer, type ScriptedTeam } from '../../../src/testing/index.ts';
import { call } from '../../support/tools.ts';

/** The run of every test: session `s`, led by an agent that delegates. */
export const fibre = {
  agentMode: 'fibre',
  sessionId: 's',
  systemPrefix: 'You lead.',
} as const satisfies Partial<RunOptions>;

/** Sub-agents of the host's, by name; each is known to its script by its prompt. */
export const subAgents = (...names: readonly string[]): CustomSubAgent[] => names.map((name) => subAgent(name));

export const subAgent = (name: string, more: Partial<CustomSubAgent> = {}): CustomSubAgent => ({
  name,
  description: `Helps as ${name}.`,
  system_prompt: `You are ${name}.`,
  ...more,
});

export interface Team extends ScriptedTeam<string> {
  /** What this member was sent. */
  requestsOf(name: string): readonly ChatRequest[];
  /** The names of the tools in its newest request. */
  offeredTo(name: string): string[];
  assertSpent(): void;
}

/** A script for each member; that of the root is `lead`. */
export function teamOf(scripts: Readonly<Record<string, readonly ScriptedAnswer[]>>): Team {
  const team = scriptedTeam(
    Object.fromEntries(Object.entries(scripts).map(([name, answers]) => [promptOf(name), answers])),
  );
  const requestsOf = (name: string) => team.members[promptOf(name)]?.requests ?? [];
  return {
    ...team,
    requestsOf,
    offeredTo: (name) => {
      const tools = (requestsOf(name).at(-1)?.tools ?? []) as readonly {
        readonly function: { readonly name: string };
      }[];
      return tools.map((tool) => tool.function.name);
    },
    assertSpent: () => Object.values(team.members).forEach((member) => member.assertSpent()),
  };
}

function promptOf(name: string): string {
  return name === 'lead' ? fibre.systemPrefix : `You are ${name}.`;
}

export interface Task {
  readonly agent_id: string;
  readonly task_name?: string;
  readonly content?: string;
  readonly original_task?: string;
  readonly session_id?: string;
}

/** One call that delegates. */
export const delegate = (...tasks: readonly Task[]) =>
  call('sys_delegate_task', {
    tasks: tasks.map((task) => ({ task_name: `for ${task.agent_id}`, content: `Do it, ${task.agent_id}!`, ...task })),
  });

/** One task for each of these agents. */
export const delegateTo = (...agents: readonly string[]) => delegate(...agents.map((agent_id) => ({ agent_id })));

export const finish = (result: string, status?: 'completed' | 'failed') =>
  call('sys_finish_task', { result, ...(status === undefined ? {} : { status }) });

export const spawn = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  call('sys_spawn_agent', { name, description: `Helps as ${name}.`, system_prompt: `You are ${name}.`, ...more });

/** The calls of several answers, in one message. */
export const together = (...answers: readonly ReturnType<typeof call>[]) => ({
  toolCalls: answers.flatMap(({ toolCalls }) => toolCalls),
});

export interface Told {
  readonly task_name: string;
  readonly agent_id: string;
  readonly session_id: string;
  readonly status: string;
  readonly reason?: string;
  readonly error?: string;
  readonly result: string;
  readonly folder?: string;
}

/** The results of the `sys_` calls of one session, in order, as its model is told. */
export function toldOf(messages: readonly Message[], sessionId = 's'): unknown[] {
  return messages
    .filter(({ session_id, message_type }) => session_id === sessionId && message_type === 'tool_call_result')
    .filter(({ metadata }) => String(metadata?.['tool_name']).startsWith('sys_'))
    .map(({ content }) => parsed(content));
}

/** What came of the tasks of all delegations of one session, in order. */
export function resultsOf(messages: readonly Message[], sessionId = 's'): Told[] {
  return toldOf(messages, sessionId).flatMap((told) => (told as { readonly results?: readonly Told[] }).results ?? []);
}

/** The sessions of all results that a request shows, in order: for scripts that go on with them. */
export function sessionsIn({ messages }: ChatRequest): string[] {
  const results = (messages as readonly { readonly role: string; readonly content: unknown }[])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => parsed(content) as { readonly results?: readonly Told[] });
  return results.flatMap(({ results: told = [] }) => told.map(({ session_id }) => session_id));
}

function parsed(content: unknown): unknown {
  try {
    return JSON.parse(String(content));
  } catch {
    return content;
  }
}

/** Reads a run to its end, and shows every chunk as it comes. */
export async function watch(run: Run, onChunk: (chunk: MessageChunk) => unknown) {
  const chunks: MessageChunk[] = [];
  for await (const batch of run) {
    for (const chunk of batch) {
      chunks.push(chunk);
      onChunk(chunk);
    }
  }
  return { chunks, messages: assembleMessages(chunks), outcome: await run.outcome };
}
