import { shownType } from '../messages/assemble.ts';
import type { MessageChunk, MessageType, Metadata } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import {
  fromCompact,
  isArguments,
  spanOf,
  type CallKey,
  type CompactPiece,
  type StoredMessage,
  type StreamHeader,
} from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { JournalRecord } from './session-store.ts';

interface OpenStream {
  readonly header: StreamHeader;
  readonly sessionId: string;
  /** What every `chunk_id` of the message begins with. */
  readonly idPrefix: string;
  pieces: number;
  /** The type of what it showed last: its closing piece shows nothing of its own. */
  lastType: MessageType;
}

/** Turns records of one journal, read in order, into the chunks they show. */
export class Expander {
  readonly #rootId: string;
  readonly #streams = new Map<number, OpenStream>();
  readonly #settled = new Map<string, StoredMessage>();

  /** `known` is what the records before the first one left open. */
  constructor(rootId: string, known: readonly Pick<Ledger, 'drafts' | 'openCalls'>[] = []) {
    this.#rootId = rootId;
    for (const { drafts, openCalls } of known) {
      for (const { handle, header, draft } of drafts.values()) {
        const { pieces, lastShown } = draft;
        Object.assign(this.#open(handle, header), { pieces, lastType: header.message_type ?? lastShown });
      }
      for (const { messageId, settled } of openCalls.values()) {
        for (const [index, message] of settled) this.#settled.set(keyOf([messageId, index]), message);
      }
    }
  }

  /** The chunks of a record that clients may see. Entries that show nothing, and hidden messages, give none. */
  expand({ seq, at, entries }: JournalRecord): MessageChunk[] {
    const chunks: MessageChunk[] = [];
    for (const entry of entries) {
      switch (entry.type) {
        case 'pieces': {
          const stream = 'header' in entry ? this.#open(seq, entry.header) : this.#streams.get(entry.of);
          // One that began before the first record read is not known here.
          if (stream !== undefined) pushPieces(chunks, stream, entry.pieces, at, seq);
          break;
        }
        case 'closed': {
          const stream = this.#streams.get(entry.of);
          this.#streams.delete(entry.of);
          if (stream !== undefined) chunks.push(closingChunk(stream, entry.metadata, at, seq));
          break;
        }
        case 'message':
          pushVisible(chunks, this.#whole(entry.message, at, seq));
          break;
        case 'settled':
          this.#settled.set(keyOf(entry.call), entry.message);
          break;
        case 'shown': {
          const message = this.#settled.get(keyOf(entry.call));
          this.#settled.delete(keyOf(entry.call));
          if (message !== undefined) pushVisible(chunks, this.#whole(message, at, seq));
          break;
        }
        default:
      }
      seq += spanOf(entry);
    }
    return chunks;
  }

  #open(seq: number, header: StreamHeader): OpenStream {
    const { session_id: sessionId = this.#rootId, message_type: lastType = 'assistant_text' } = header;
    const stream: OpenStream = { header, sessionId, idPrefix: `${header.message_id}-`, pieces: 0, lastType };
    this.#streams.set(seq, stream);
    return stream;
  }

  #whole(message: StoredMessage, timestamp: number, seq: number): MessageChunk {
    const chunk_id = `${message.message_id}-0`;
    const session_id = message.session_id ?? this.#rootId;
    return { ...whole(message), session_id, chunk_id, timestamp, is_chunk: false, is_final: true, seq };
  }
}

function pushVisible(chunks: MessageChunk[], chunk: MessageChunk): void {
  if (isVisible(chunk)) chunks.push(chunk);
}

function pushPieces(
  chunks: MessageChunk[],
  stream: OpenStream,
  pieces: readonly CompactPiece[],
  at: number,
  seq: number,
): void {
  for (const piece of pieces) chunks.push(pieceChunk(stream, piece, at, seq++));
}

function keyOf([messageId, index]: CallKey): string {
  return `${messageId}#${index}`;
}

function whole({
  tool_calls,
  ...message
}: StoredMessage): Omit<StoredMessage, 'tool_calls'> & Pick<MessageChunk, 'tool_calls'> {
  return tool_calls === undefined
    ? message
    : { ...message, tool_calls: tool_calls.map((call, index) => ({ index, ...call })) };
}

function pieceChunk(stream: OpenStream, piece: CompactPiece, timestamp: number, seq: number): MessageChunk {
  if (stream.header.tool_call_id === undefined) {
    if (typeof piece === 'string') return textChunk(stream, piece, timestamp, seq);
    if (isArguments(piece)) return argumentsChunk(stream, piece[0], piece[1], timestamp, seq);
  }
  const shown = fromCompact(piece);
  stream.lastType = stream.header.message_type ?? shownType(shown);
  return { ...frame(stream, timestamp, seq), ...shown, is_final: false };
}

/** The two common cases, spelled out: a spread for each piece would be most of what a piece costs. */
function textChunk(stream: OpenStream, content: string, timestamp: number, seq: number): MessageChunk {
  const { header, sessionId } = stream;
  stream.lastType = header.message_type ?? 'assistant_text';
  return {
    role: header.role,
    message_id: header.message_id,
    session_id: sessionId,
    agent_name: header.agent_name,
    content,
    chunk_id: stream.idPrefix + stream.pieces++,
    timestamp,
    message_type: stream.lastType,
    is_chunk: true,
    is_final: false,
    seq,
  };
}

function argumentsChunk(stream: OpenStream, index: number, text: string, timestamp: number, seq: number): MessageChunk {
  const { header, sessionId } = stream;
  stream.lastType = header.message_type ?? 'tool_call';
  return {
    role: header.role,
    message_id: header.message_id,
    session_id: sessionId,
    agent_name: header.agent_name,
    tool_calls: [{ index, function: { arguments: text } }],
    chunk_id: stream.idPrefix + stream.pieces++,
    timestamp,
    message_type: stream.lastType,
    is_chunk: true,
    is_final: false,
    seq,
  };
}

function closingChunk(
  stream: OpenStream,
  metadata: Metadata | undefined,
  timestamp: number,
  seq: number,
): MessageChunk {
  return { ...frame(stream, timestamp, seq), is_final: true, ...(metadata === undefined ? {} : { metadata }) };
}

function frame(stream: OpenStream, timestamp: number, seq: number): Omit<MessageChunk, 'is_final'> {
  const { session_id: _session, ...header } = stream.header;
  return {
    ...header,
    session_id: stream.sessionId,
    chunk_id: stream.idPrefix + stream.pieces++,
    timestamp,
    message_type: stream.lastType,
    is_chunk: true,
    seq,
  };
}
