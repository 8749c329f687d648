import { expect } from 'vitest';
import type { ChatRequest } from '../../src/model/model.ts';
import type { ScriptedModel } from '../../src/testing/index.ts';

export interface SentMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

/** The messages of each request, the system message left out. */
export function conversations({ requests }: Pick<ScriptedModel, 'requests'>): SentMessage[][] {
  return requests.map(({ messages }) => (messages as SentMessage[]).filter(({ role }) => role !== 'system'));
}

/** What a conversation says, without the facts that stand before the newest input. */
export function texts(conversation: readonly SentMessage[] = []): string[] {
  return conversation.map(({ content }) => String(content).replace(/^<context>.*?<\/context>\n\n/s, ''));
}

/** Behind every message with calls stand its results, in order, and nothing between. */
export function expectPaired(conversation: readonly SentMessage[]): void {
  for (const [place, { tool_calls = [] }] of conversation.entries()) {
    const behind = conversation.slice(place + 1, place + 1 + tool_calls.length);
    expect(behind.map(({ role, tool_call_id }) => [role, tool_call_id])).toEqual(
      tool_calls.map(({ id }) => ['tool', id]),
    );
  }
  const calls = conversation.reduce((sum, { tool_calls = [] }) => sum + tool_calls.length, 0);
  expect(conversation.filter(({ role }) => role === 'tool')).toHaveLength(calls);
}

/** The places of requests that do not begin with the one before, byte by byte, or offer other tools. */
export function brokenPrefixes(requests: ScriptedModel['requests']): number[] {
  const isBroken = ({ messages, tools }: ChatRequest, before: ChatRequest | undefined) =>
    before !== undefined &&
    (JSON.stringify(messages.slice(0, before.messages.length)) !== JSON.stringify(before.messages) ||
      JSON.stringify(tools) !== JSON.stringify(before.tools));
  return requests.flatMap((request, place) => (isBroken(request, requests[place - 1]) ? [place] : []));
}
