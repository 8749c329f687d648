import { MessageDraft, shownType } from '../messages/assemble.ts';
import type { Message } from '../messages/message.ts';
import type { ToolCall } from '../messages/tool-call.ts';
import {
  fromCompact,
  isArguments,
  type CallKey,
  type CallsIntended,
  type Entry,
  type PiecesAdded,
  type StoredMessage,
  type StreamHeader,
} from './entry.ts';
import { GuidanceQueue } from './guidance-queue.ts';
import type { OpenCalls } from './open-calls.ts';

/** A message in its place in the ledger. */
export interface LedgerItem {
  message: Message;
  /** The changing facts the model is shown before it. */
  readonly context?: string;
  /** The call it answers. */
  readonly call?: CallKey;
  /** The number of the entry that gave it its present content, where that is a later one. */
  replacedAt?: number;
}

/** A streamed message that is not closed yet. */
export interface OpenDraft {
  readonly handle: number;
  readonly header: StreamHeader;
  readonly draft: MessageDraft;
  readonly item: LedgerItem;
  /** That of its newest piece. */
  seq: number;
}

/** One session's words, folded from the entries that carry its id. */
export class Ledger {
  readonly sessionId: string;
  readonly guidance: GuidanceQueue;
  /** In the order they began. */
  readonly items: LedgerItem[] = [];
  /** In the order they became whole. */
  readonly whole: LedgerItem[] = [];
  readonly drafts = new Map<number, OpenDraft>();
  readonly openCalls = new Map<string, OpenCalls>();
  readonly state = new Map<string, unknown>();
  /** Goes up when a message is replaced: what was rendered before is no longer true. */
  revision = 0;
  readonly #byId = new Map<string, LedgerItem>();

  /** `guidance` is the session's, which folds itself. */
  constructor(sessionId: string, guidance = new GuidanceQueue(sessionId)) {
    this.sessionId = sessionId;
    this.guidance = guidance;
  }

  find(messageId: string): Message | undefined {
    return this.#byId.get(messageId)?.message;
  }

  /** The messages as they stand, an unfinished one as far as it has come. */
  messages(): Message[] {
    for (const open of this.drafts.values())
      open.item.message = { ...open.item.message, ...foldDraft(open), seq: open.seq };
    return this.items.map(({ message }) => message);
  }

  /** The results of one message's calls, the newest first. */
  resultsOf(messageId: string): Message[] {
    const results: Message[] = [];
    for (let place = this.whole.length - 1; place >= 0; place -= 1) {
      const { message, call } = this.whole[place] as LedgerItem;
      if (message.message_id === messageId) break;
      if (call?.[0] === messageId) results.push(message);
    }
    return results;
  }

  fold(entry: Entry, at: number, seq: number): void {
    switch (entry.type) {
      case 'pieces':
        this.#foldPieces(entry, at, seq);
        return;
      case 'closed':
        this.#foldClosed(entry.of, entry.metadata, seq);
        return;
      case 'message':
        this.#add(entry.message, at, seq, entry);
        return;
      case 'replaced': {
        const item = this.#byId.get(entry.message_id);
        if (item !== undefined) {
          item.message = { ...item.message, content: entry.content };
          item.replacedAt = seq;
        }
        this.revision += 1;
        return;
      }
      case 'intents':
        this.#intend(entry);
        return;
      case 'settled':
        this.openCalls.get(entry.call[0])?.settled.set(entry.call[1], entry.message);
        return;
      case 'shown': {
        const message = this.openCalls.get(entry.call[0])?.settled.get(entry.call[1]);
        if (message !== undefined) this.#add(message, at, seq, { call: entry.call });
        return;
      }
      case 'state':
        this.state.set(entry.key, entry.value);
        return;
      default:
      // The rest is guidance, the run's own, and the journal's: see `SessionState` and `JournalState`.
    }
  }

  #intend({ message_id, calls, children = {} }: CallsIntended): void {
    const open = this.openCalls.get(message_id);
    if (open === undefined) return;
    for (const index of calls) open.intended.add(index);
    for (const [index, ids] of Object.entries(children)) open.children.set(Number(index), ids);
  }

  #foldPieces(entry: PiecesAdded, at: number, seq: number): void {
    const open = 'header' in entry ? this.#open(entry.header, at, seq) : this.drafts.get(entry.of);
    if (open === undefined) return;
    open.seq = seq + entry.pieces.length - 1;
    const { draft } = open;
    for (const piece of entry.pieces) {
      if (typeof piece === 'string') draft.addText(piece);
      else if (isArguments(piece)) draft.addArguments(piece[0], piece[1]);
      else draft.add(fromCompact(piece));
    }
  }

  #open(header: StreamHeader, at: number, seq: number): OpenDraft {
    const { message_type = 'assistant_text', session_id = this.sessionId } = header;
    const item: LedgerItem = {
      message: { ...header, session_id, content: null, message_type, timestamp: at, seq },
    };
    const open = { handle: seq, header, draft: new MessageDraft(), item, seq };
    this.drafts.set(seq, open);
    this.#place(item);
    return open;
  }

  #foldClosed(handle: number, metadata: Message['metadata'], seq: number): void {
    const open = this.drafts.get(handle);
    if (open === undefined) return;
    this.drafts.delete(handle);
    open.item.message = {
      ...open.item.message,
      ...foldDraft(open),
      ...(metadata === undefined ? {} : { metadata }),
      seq,
    };
    this.#complete(open.item);
  }

  #add(
    stored: StoredMessage,
    at: number,
    seq: number,
    extra: { readonly call?: CallKey; readonly context?: string },
  ): void {
    const message: Message = { ...stored, session_id: this.sessionId, timestamp: at, seq };
    const { call, context } = extra;
    const item: LedgerItem = {
      message,
      ...(context === undefined ? {} : { context }),
      ...(call === undefined ? {} : { call }),
    };
    this.#place(item);
    this.#complete(item);
  }

  #place(item: LedgerItem): void {
    this.items.push(item);
    this.#byId.set(item.message.message_id, item);
  }

  #complete(item: LedgerItem): void {
    this.whole.push(item);
    const { message, call } = item;
    if (call !== undefined) this.#answer(call);
    if (callsOf(message).length === 0) return;
    this.openCalls.set(message.message_id, {
      messageId: message.message_id,
      agentName: message.agent_name,
      calls: callsOf(message),
      intended: new Set(),
      children: new Map(),
      settled: new Map(),
      answered: new Set(),
    });
  }

  #answer([messageId, index]: CallKey): void {
    const open = this.openCalls.get(messageId);
    open?.answered.add(index);
    if (open?.answered.size === open?.calls.length) this.openCalls.delete(messageId);
  }
}

/** The calls of a message that may be run and answered: none, where it was cut while the model was still writing. */
export function callsOf({ tool_calls = [], metadata }: Message): readonly ToolCall[] {
  const incomplete = metadata?.['incomplete'];
  return incomplete === undefined || incomplete === 'length' ? tool_calls : [];
}

function foldDraft({ draft, header }: OpenDraft): Partial<Message> & Pick<Message, 'content' | 'message_type'> {
  const shown = {
    content: draft.content,
    ...(draft.reasoning === '' ? {} : { reasoning_content: draft.reasoning }),
    ...(draft.calls.length === 0 ? {} : { tool_calls: draft.toolCalls() }),
  };
  return { ...shown, message_type: header.message_type ?? shownType(shown) };
}
