import { SageError } from '../errors.ts';
import { isEmpty } from '../messages/codec.ts';
import type { Content, Metadata } from '../messages/message.ts';
import type { Entry, MessageAdded } from './entry.ts';

/** Guidance a host has injected and no model call has taken yet. */
export interface PendingGuidance {
  readonly guidance_id: string;
  readonly content: Content;
  readonly metadata: Metadata;
  /** Unix seconds: when it took its place. */
  readonly timestamp: number;
}

export const guidanceLimit = 100;

/**
 * The guidance of one session, folded from its entries. Guidance is consumed by the user message that carries its id: one
 * entry, so it can neither be lost nor doubled. The verbs check and give the entry to append; only `fold` changes the queue.
 */
export class GuidanceQueue {
  readonly #sessionId: string;
  readonly #pending = new Map<string, PendingGuidance>();
  readonly #consumed = new Set<string>();

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** In the order they will be drained. */
  list(): PendingGuidance[] {
    return [...this.#pending.values()];
  }

  /**
   * The entry that queues guidance, or replaces what is pending under the same id in its old place. Nothing to append for an id
   * that has been consumed.
   *
   * @throws {SageError} `invalid-argument` for empty content, `guidance-queue-full`.
   */
  queue(guidanceId: string, content: Content, metadata: Metadata): Entry[] {
    mustSaySomething(content);
    if (this.#consumed.has(guidanceId)) return [];
    if (!this.#pending.has(guidanceId) && this.#pending.size >= guidanceLimit) throw queueFull(this.#sessionId);
    return [{ type: 'guidance_queued', guidance_id: guidanceId, content, metadata }];
  }

  /** `undefined` when it is not pending. @throws {SageError} `invalid-argument` for empty content. */
  update(guidanceId: string, content: Content): Entry | undefined {
    mustSaySomething(content);
    return this.#pending.has(guidanceId) ? { type: 'guidance_updated', guidance_id: guidanceId, content } : undefined;
  }

  /** `undefined` when it is not pending. */
  delete(guidanceId: string): Entry | undefined {
    return this.#pending.has(guidanceId) ? { type: 'guidance_deleted', guidance_id: guidanceId } : undefined;
  }

  /** One user message for each pending guidance, in order. Appending them empties the queue. */
  drain(createId: () => string): MessageAdded[] {
    return this.list().map(({ guidance_id, content, metadata }) => ({
      type: 'message',
      message: {
        role: 'user',
        content,
        message_id: createId(),
        message_type: 'user_input',
        metadata: { ...metadata, injected: true, guidance_id, source: 'guidance' },
      },
    }));
  }

  fold(entry: Entry, at: number): void {
    switch (entry.type) {
      case 'guidance_queued': {
        const { guidance_id, content, metadata = {} } = entry;
        const timestamp = this.#pending.get(guidance_id)?.timestamp ?? at;
        this.#pending.set(guidance_id, { guidance_id, content, metadata, timestamp });
        return;
      }
      case 'guidance_updated': {
        const pending = this.#pending.get(entry.guidance_id);
        if (pending !== undefined) this.#pending.set(entry.guidance_id, { ...pending, content: entry.content });
        return;
      }
      case 'guidance_deleted':
        this.#pending.delete(entry.guidance_id);
        return;
      case 'message': {
        const id = entry.message.metadata?.['guidance_id'];
        if (entry.message.role !== 'user' || typeof id !== 'string') return;
        this.#pending.delete(id);
        this.#consumed.add(id);
        return;
      }
      default:
    }
  }
}

function mustSaySomething(content: unknown): void {
  if (!isEmpty(content)) return;
  throw new SageError('invalid-argument', 'Guidance must say something: give text, or parts that are not all blank.', {
    option: 'content',
    given: content,
  });
}

function queueFull(sessionId: string): SageError {
  return new SageError(
    'guidance-queue-full',
    `Session "${sessionId}" has ${guidanceLimit} pieces of guidance pending. Delete some, or wait for the next model call.`,
    { sessionId, limit: guidanceLimit },
  );
}
