import { SageError } from '../errors.ts';
import { assembleMessages } from './assemble.ts';
import {
  messageTypes,
  type Content,
  type ContentPart,
  type Message,
  type MessageChunk,
  type MessageType,
  type Metadata,
  type Role,
} from './message.ts';
import type { ToolCall } from './tool-call.ts';

const roles = ['user', 'assistant', 'tool', 'system'] as const;

/** A message as a host gives it: a dict of OpenAI's shape, one of Sage's, or a chunk of an earlier run. */
export interface InputMessage {
  readonly role: Role;
  readonly content?: unknown;
  readonly reasoning_content?: string | null;
  readonly tool_calls?: readonly unknown[] | null;
  readonly tool_call_id?: string | null;
  readonly message_id?: string;
  readonly session_id?: string;
  readonly agent_name?: string;
  readonly message_type?: string;
  /** Sage's older name of `message_type`. */
  readonly type?: string;
  readonly metadata?: Metadata | null;
}

/** An input message, read. `id` is absent where the host gave none. */
export interface ReadMessage extends Omit<Message, 'message_id' | 'session_id' | 'timestamp' | 'seq'> {
  readonly message_id?: string;
  readonly session_id?: string;
}

/**
 * Reads the messages a run is given, in OpenAI's form or Sage's (legacy `type` and `normal` included; unknown fields are
 * left out). Pieces of a streamed message are put together first.
 *
 * @throws {SageError} `invalid-argument` naming the message and the field.
 */
export function readInputMessages(input: unknown): ReadMessage[] {
  if (!Array.isArray(input)) throw invalid('inputMessages', 'must be an array of messages', input);
  const placed = input.map((message: unknown, index): Placed => ({ message, place: `inputMessages[${index}]` }));
  return joinPieces(placed)
    .filter(({ message }) => isForModels(message))
    .map(({ message, place }) => readMessage(message, place));
}

interface Placed {
  readonly message: unknown;
  readonly place: string;
}

/** Each streamed message whole, in the place of its first piece; what is whole already stays as it is. */
function joinPieces(placed: readonly Placed[]): Placed[] {
  const pieces = placed.filter(({ message }) => isPiece(message)).map(readPiece);
  const joined = new Map(assembleMessages(pieces).map((message) => [message.message_id, message]));
  return placed.flatMap(({ message, place }) => {
    if (!isPiece(message)) return [{ message, place }];
    const whole = joined.get(message.message_id);
    joined.delete(message.message_id);
    return whole === undefined ? [] : [{ message: whole, place }];
  });
}

function isPiece(message: unknown): message is MessageChunk {
  return (message as { is_chunk?: unknown } | null)?.is_chunk === true;
}

/** A call's place in its message is below this: what is sent to us must not choose how much memory we take. */
const maxCalls = 1_000;

/** What the putting together relies on; the rest is checked when the message is whole. */
function readPiece({ message, place }: Placed): MessageChunk {
  const { message_id, content, reasoning_content, tool_calls } = message as Record<string, unknown>;
  const fail = (field: string, problem: string) => invalid(`${place}${field}`, problem, message);
  if (typeof message_id !== 'string' || message_id === '') throw fail('.message_id', 'is needed by a piece');
  if (content != null && typeof content !== 'string') throw fail('.content', 'must be text in a piece');
  readText(reasoning_content, '.reasoning_content', fail);
  const hasPlaces =
    Array.isArray(tool_calls) && tool_calls.every((call) => isRecord(call) && isPlaceOfCall(call['index']));
  if (tool_calls != null && !hasPlaces) throw fail('.tool_calls', 'must be an array, each call with its index');
  return message as MessageChunk;
}

function isPlaceOfCall(index: unknown): boolean {
  return Number.isInteger(index) && (index as number) >= 0 && (index as number) < maxCalls;
}

/** A history handed back holds what a run told its readers only; that is not input. */
function isForModels(message: unknown): boolean {
  const type = (message as { message_type?: unknown } | null)?.message_type;
  return type !== 'token_usage' && type !== 'error' && type !== 'tool_progress';
}

/**
 * Reads one whole message. `place` is what errors call it.
 *
 * @throws {SageError} `invalid-argument` naming the field.
 */
export function readMessage(given: unknown, place: string): ReadMessage {
  if (!isRecord(given)) throw invalid(place, 'must be a message', given);
  const fail = (field: string, problem: string) => invalid(`${place}${field}`, problem, given);
  const role = roles.find((one) => one === given['role']);
  if (role === undefined) throw fail('.role', `must be one of ${roles.join(', ')}`);
  const content = readContent(given['content'], fail);
  const tool_calls = readCalls(given['tool_calls'], fail);
  const text = (field: string) => readText(given[field], `.${field}`, fail);
  const tool_call_id = text('tool_call_id');
  const reasoning_content = text('reasoning_content');
  const metadata = given['metadata'] ?? undefined;
  if (metadata !== undefined && !isRecord(metadata)) throw fail('.metadata', 'must be an object');
  if (role === 'tool' && tool_call_id === undefined) throw fail('.tool_call_id', 'is needed by role "tool"');
  if (role === 'user' && isEmpty(content)) throw fail('.content', 'must not be empty');
  if (role === 'assistant' && isEmpty(content) && tool_calls === undefined && reasoning_content === undefined) {
    throw fail('', 'needs content, reasoning_content or tool_calls');
  }
  const fields = { tool_calls, tool_call_id, reasoning_content, metadata };
  const ids = { message_id: text('message_id'), session_id: text('session_id'), agent_name: text('agent_name') };
  const message_type = readMessageType(text('message_type') ?? text('type'), role, tool_calls);
  return { role, content, message_type, ...defined(fields), ...defined(ids) };
}

type Fail = (field: string, problem: string) => SageError;

function readContent(content: unknown, fail: Fail): Content | null {
  if (content === undefined || content === null || typeof content === 'string') return content ?? null;
  if (!Array.isArray(content)) throw fail('.content', 'must be text or an array of parts');
  const broken = content.findIndex((part) => !isPart(part));
  if (broken >= 0) throw fail(`.content[${broken}]`, 'is not a part with its type and what that type needs');
  return content as ContentPart[];
}

function isPart(part: unknown): boolean {
  if (!isRecord(part)) return false;
  const { type, text, image_url: image, input_audio: audio } = part;
  if (type === 'text') return typeof text === 'string';
  if (type === 'image_url') return isRecord(image) && typeof image['url'] === 'string';
  if (type === 'input_audio') return isRecord(audio) && typeof audio['data'] === 'string';
  return typeof type === 'string';
}

function readCalls(calls: unknown, fail: Fail): ToolCall[] | undefined {
  if (calls === undefined || calls === null) return undefined;
  if (!Array.isArray(calls)) throw fail('.tool_calls', 'must be an array');
  const read = calls.map((call: unknown, index): ToolCall => {
    const { id, function: named } = isRecord(call) ? call : {};
    const { name, arguments: text } = isRecord(named) ? named : {};
    if (typeof id !== 'string' || id === '' || typeof name !== 'string' || name === '' || typeof text !== 'string') {
      throw fail(`.tool_calls[${index}]`, 'needs an id and a function with name and arguments, all text');
    }
    return { id, type: 'function', function: { name, arguments: text } };
  });
  return read.length === 0 ? undefined : read;
}

function readText(value: unknown, field: string, fail: Fail): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw fail(field, 'must be text');
  return value;
}

/** The type by its name, else what the role makes it. What a user sends is always user input, as in Sage. */
function readMessageType(name: string | undefined, role: Role, calls: unknown): MessageType {
  if (role === 'user' && name !== 'system_triggered_run') return 'user_input';
  if (name === 'normal') return 'assistant_text';
  const known = messageTypes.find((type) => type === name);
  if (known !== undefined) return known;
  if (role === 'tool') return 'tool_call_result';
  if (role === 'system') return 'system';
  return calls === undefined ? 'assistant_text' : 'tool_call';
}

/** Whether content says nothing: no parts, or only blank text. */
export function isEmpty(content: unknown): boolean {
  if (typeof content === 'string') return content.trim() === '';
  if (!Array.isArray(content)) return true;
  return content.every((one: unknown) => isBlankTextPart(one));
}

function isBlankTextPart(one: unknown): boolean {
  if (!isRecord(one)) return true;
  const { type, text } = one;
  return type === 'text' && (typeof text !== 'string' || text.trim() === '');
}

function defined<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(place: string, problem: string, given: unknown): SageError {
  return new SageError('invalid-argument', `${place} ${problem}.`, { option: place, given });
}
