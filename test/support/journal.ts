import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Message, MessageChunk } from '../../src/index.ts';
import type { Entry } from '../../src/session/entry.ts';
import { Expander } from '../../src/session/expand.ts';
import { createFileStore } from '../../src/session/file-store/file-store.ts';
import { JournalState } from '../../src/session/journal-state.ts';
import { expectPaired, type SentMessage } from './guidance.ts';

/** A session as its file tells it, read by nobody who took part in writing it. */
export interface StoredSession {
  readonly entries: readonly Entry[];
  readonly chunks: readonly MessageChunk[];
  readonly messages: readonly Message[];
  readonly state: JournalState;
}

export async function readSession(root: string, sessionId: string): Promise<StoredSession> {
  const store = createFileStore(root);
  try {
    const { records = [] } = (await store.read(sessionId)) ?? {};
    const state = new JournalState(sessionId);
    const expander = new Expander(sessionId);
    const chunks = records.flatMap((record) => {
      state.fold(record);
      return expander.expand(record);
    });
    return { entries: records.flatMap((record) => record.entries), chunks, messages: state.ledger.messages(), state };
  } finally {
    await store.close();
  }
}

/** The run has ended, every message is closed, and every call that counts has exactly one result, right behind it. */
export function expectAtRest({ entries, messages, chunks, state }: StoredSession): void {
  expect(state.ledger.drafts.size).toBe(0);
  expect(state.ledger.openCalls.size).toBe(0);
  expect(entries.at(-1)?.type).toBe('run_ended');
  expect(chunks.at(-1)?.message_type).toBe('token_usage');
  // What only readers are shown may stand in between; a run that waited has ended once already.
  const aside = ['tool_progress', 'confirmation', 'token_usage'];
  const shown = messages.filter(({ message_type }) => !aside.includes(message_type));
  for (const [place, { tool_calls = [], metadata }] of shown.entries()) {
    const isCut = metadata?.['incomplete'] !== undefined && metadata['incomplete'] !== 'length';
    if (isCut || tool_calls.length === 0) continue;
    const results = shown.slice(place + 1, place + 1 + tool_calls.length);
    expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual(tool_calls.map(({ id }) => id));
  }
}

/** As `expectAtRest`, where siblings have spoken in between: the pairs stand together in what a model is sent. */
export function expectAtRestSideBySide({ entries, chunks, state }: StoredSession): void {
  expect(state.ledger.drafts.size).toBe(0);
  expect(state.ledger.openCalls.size).toBe(0);
  expect(entries.filter(({ type }) => type === 'run_ended')).toHaveLength(1);
  expect(entries.at(-1)?.type).toBe('run_ended');
  expect(chunks.at(-1)?.message_type).toBe('token_usage');
  expectPaired(state.view.fragments().map((fragment) => JSON.parse(fragment) as SentMessage));
}

/** Every child's run was interrupted and has its end in the journal, those who worked for others before them. */
export function expectAllEnded({ entries, state }: StoredSession): void {
  const at = (type: Entry['type'], owner: string | undefined) =>
    entries.findIndex((entry) => entry.type === type && 'session_id' in entry && entry.session_id === owner);
  const ends = state.children.map(({ sessionId, joined }) => [at('run_ended', sessionId), joined?.parent_id] as const);
  for (const [end, parent] of ends) {
    expect(end).toBeGreaterThan(0);
    const above = parent === 's' ? entries.length - 1 : at('run_ended', parent);
    expect(end).toBeLessThan(above);
  }
  expect(state.children.map(({ lastRun }) => lastRun?.ended?.status)).toEqual(state.children.map(() => 'interrupted'));
}

/** Cuts the journal behind the last line with such an entry: the process died there. Only a restarted house sees it so. */
export function crashAfter(root: string, sessionId: string, isLast: (entry: Entry) => boolean): void {
  const path = join(root, sessionId, 'journal.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const last = lines.findLastIndex((line) => (JSON.parse(line) as { entries: Entry[] }).entries.some(isLast));
  expect(last).toBeGreaterThan(-1);
  truncateSync(path, Buffer.byteLength(`${lines.slice(0, last + 1).join('\n')}\n`));
}

/** How the calls of a session ended, in order. */
export function callStatuses({ messages }: Pick<StoredSession, 'messages'>): unknown[] {
  return messages.filter(({ message_type }) => message_type === 'tool_call_result').map(statusOf);
}

function statusOf({ metadata }: Message): unknown {
  return metadata?.['tool_execution_status'];
}
