import type { ToolCallPiece } from '../messages/tool-call.ts';

/** A fragment of a tool call as providers send it: nothing in it can be relied on. */
export interface WireToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

/** What is known of a call so far. */
interface PlacedCall {
  readonly index: number;
  readonly wireIndex: unknown;
  id: string;
  name: string;
  arguments: string;
  /** Whether the arguments seem whole: their last character closes an object. */
  closed: boolean;
}

/**
 * Finds the call each fragment belongs to, and gives the calls of a message their places 0, 1, 2, …
 *
 * A new id is a new call, the same id at the same index the same call. Without an id the fragment goes on with the newest
 * call of its index, or the newest of all, unless a name shows that it begins another. A call's id and name are passed
 * on once; arguments that come as an object are turned into text; a whole call sent again is dropped.
 */
export class CallPlaces {
  readonly #calls: PlacedCall[] = [];

  /** The fragment at its place, or `undefined` if it adds nothing. */
  place(fragment: WireToolCall): ToolCallPiece | undefined {
    const id = toText(fragment.id);
    const name = toText(fragment.function?.name);
    const text = toArgumentsText(fragment.function?.arguments);
    const last = this.#calls.at(-1);
    if (id === '' && name === '' && last !== undefined && last.wireIndex === fragment.index) return goOn(last, text);

    const known = this.#find(fragment.index, id, name, text);
    if (known !== undefined && isRepeated(known, text)) return undefined;
    const call = known ?? this.#open(fragment.index);
    const newId = call.id === '' ? id : '';
    const newName = call.name === '' ? name : '';
    call.id ||= newId;
    call.name ||= newName;
    if (known !== undefined && newId === '' && newName === '') return goOn(call, text);
    if (text !== '') append(call, text);
    return {
      index: call.index,
      ...(newId === '' ? {} : { id: newId }),
      ...(known === undefined ? { type: 'function' } : {}),
      function: {
        ...(newName === '' ? {} : { name: newName }),
        ...(text === '' ? {} : { arguments: text }),
      },
    };
  }

  #find(wireIndex: unknown, id: string, name: string, text: string): PlacedCall | undefined {
    if (id !== '') return this.#calls.findLast((call) => mayShareIndex(call, wireIndex) && mayBeCalled(call, id, name));
    const newest = this.#calls.findLast((call) => wireIndex == null || call.wireIndex === wireIndex);
    return newest === undefined || beginsAnother(newest, name, text) ? undefined : newest;
  }

  #open(wireIndex: unknown): PlacedCall {
    const call = { index: this.#calls.length, wireIndex, id: '', name: '', arguments: '', closed: false };
    this.#calls.push(call);
    return call;
  }
}

/** More arguments of the call, and nothing else: what most fragments are. */
function goOn(call: PlacedCall, text: string): ToolCallPiece | undefined {
  if (text === '' || isRepeated(call, text)) return undefined;
  append(call, text);
  return { index: call.index, function: { arguments: text } };
}

function append(call: PlacedCall, text: string): void {
  call.arguments += text;
  call.closed = text.endsWith('}');
}

function mayShareIndex(call: PlacedCall, wireIndex: unknown): boolean {
  return wireIndex == null || call.wireIndex == null || call.wireIndex === wireIndex;
}

/** Whether this is the call with the id, or one whose id has not come yet. */
function mayBeCalled(call: PlacedCall, id: string, name: string): boolean {
  return call.id === id || (call.id === '' && (call.name === '' || name === ''));
}

/** Whether a named fragment without an id begins a call, and does not only repeat the name of the newest one. */
function beginsAnother(newest: PlacedCall, name: string, text: string): boolean {
  if (name === '' || newest.name === '') return false;
  return name !== newest.name || (newest.closed && (text === '' || text.startsWith('{')));
}

function isRepeated(call: PlacedCall, text: string): boolean {
  return call.closed && text.startsWith('{') && text === call.arguments;
}

function toArgumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value == null ? '' : JSON.stringify(value);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
