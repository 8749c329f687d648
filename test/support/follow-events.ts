import { EventSource } from 'eventsource';
import type { MessageChunk } from 'sagents';
import { expect } from 'vitest';
import type { SageServer } from './sage-server.ts';

/** A call that waits for a person. */
export interface ToldConfirmation {
  readonly confirmation_id: string;
  readonly session_id: string;
  readonly tool: string;
  readonly digest: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What `state` events tell. */
export interface ToldState {
  readonly status?: string;
  readonly children?: readonly unknown[];
  readonly pending_confirmations?: readonly ToldConfirmation[];
}

/** Follows with the client that people use, until `isEnough`. Gives the chunks, and the id of the newest event. */
export async function follow(
  server: SageServer,
  id: string,
  isEnough: (chunks: MessageChunk[], state: ToldState) => boolean,
  after = 0,
): Promise<{ chunks: MessageChunk[]; lastId: number }> {
  const source = new EventSource(`${server.url}/api/sessions/${id}/events?after=${after}`);
  const chunks: MessageChunk[] = [];
  let lastId = after;
  let state: ToldState = {};
  try {
    await new Promise<void>((resolve, reject) => {
      const look = () => isEnough(chunks, state) && resolve();
      source.addEventListener('chunks', ({ data, lastEventId }) => {
        chunks.push(...(JSON.parse(data) as MessageChunk[]));
        lastId = Number(lastEventId);
        look();
      });
      source.addEventListener('state', ({ data }) => {
        state = JSON.parse(data) as ToldState;
        look();
      });
      source.addEventListener('gone', ({ data }) => reject(new Error(data)));
    });
  } finally {
    source.close();
  }
  return { chunks, lastId };
}

export const isDone = (chunks: MessageChunk[]) => chunks.some(({ message_type }) => message_type === 'token_usage');

export async function begin(server: SageServer, message = 'Plan a day in Porto', flow = 'chat'): Promise<string> {
  const { status, body } = await server.call('sessions', 'POST', { message, flow });
  expect(status).toBe(201);
  return body.session_id as string;
}
