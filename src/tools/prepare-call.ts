import { SageError, messageOf } from '../errors.ts';
import type { ToolCall } from '../messages/tool-call.ts';
import type { AskedCall, Decision } from './confirmation.ts';
import { checkArguments } from './run-tool.ts';
import type { ToolSource } from './tool-manager.ts';
import type { Tool } from './tool.ts';
import { unknownTool } from './unknown-tool.ts';

/** A call and its place in its message. */
export interface PlacedCall {
  readonly index: number;
  readonly call: ToolCall;
}

/** How one call ended: the text the model is given, and whether it is a result. */
export interface CallOutcome {
  readonly status: 'success' | 'error' | 'cancelled' | 'not_run';
  readonly content: string;
}

export interface PrepareOptions {
  readonly tools: ToolSource;
  readonly decide: (call: CheckedCall) => Decision | Promise<Decision>;
  /** Of a call that a person was asked about: what is read in the place of what the model wrote. */
  readonly decidedInput?: (placed: PlacedCall) => DecidedInput | undefined;
  /** The sessions that an earlier attempt has fixed for a call. */
  readonly childrenOf: (placed: PlacedCall) => readonly string[] | undefined;
}

/** What a person was shown of a call, or has changed that to. */
export interface DecidedInput {
  readonly input: unknown;
  readonly isChanged: boolean;
}

/** A call whose arguments fit. */
export interface CheckedCall {
  readonly placed: PlacedCall;
  readonly tool: Tool;
  /** What the tool's schema has read. */
  readonly input: unknown;
  /** What it has made of that: the tool is run with it. */
  readonly args: unknown;
}

/** A call that is allowed to run. */
export interface ReadyCall extends CheckedCall {
  readonly children?: readonly string[];
  /** What a person has said to it. */
  readonly answer?: unknown;
  /** What the model is told before its result. */
  readonly note?: string;
}

/** What becomes of a call before it is run: ready, to be asked about, or what the model is told instead. */
export async function prepareCall(
  placed: PlacedCall,
  options: PrepareOptions,
): Promise<ReadyCall | AskedCall | CallOutcome> {
  const { tools, decide, childrenOf } = options;
  const { name, arguments: text } = placed.call.function;
  const tool = tools.getTool(name);
  if (tool === undefined) return failure('TOOL_NOT_FOUND', unknownTool(name, tools).message);
  const decided = options.decidedInput?.(placed);
  const note = decided?.isChanged === true ? noteOf(decided.input) : undefined;
  const refused = (error: unknown) => failure('INVALID_ARGUMENT', [note, messageOf(error)].join(' ').trim());
  let checked: CheckedCall;
  try {
    const input = decided === undefined ? parseArguments(name, text) : decided.input;
    // What was decided on stays as it is, whatever is done to the arguments.
    const read = decided === undefined ? input : structuredClone(input);
    checked = { placed, tool, input, args: await checkArguments(tool, read) };
  } catch (error) {
    return refused(error);
  }
  const decision = await decide(checked);
  if (decision.type === 'deny') return failure('PERMISSION_DENIED', decision.reason);
  if (decision.type === 'ask') {
    const { type: _type, ...question } = decision;
    return { ...checked, ...question };
  }
  const said = decision.answer === undefined ? {} : { answer: decision.answer };
  const ready = { ...checked, ...said, ...(note === undefined ? {} : { note }) };
  try {
    const children = tool.fixChildren?.(checked.args, childrenOf(placed));
    return children === undefined ? ready : { ...ready, children };
  } catch (error) {
    return refused(error);
  }
}

function noteOf(changed: unknown): string {
  return `The user has changed the arguments to ${JSON.stringify(changed)}.`;
}

/** Strictly, and once: what is cut or broken runs nothing. No text at all is no arguments. */
function parseArguments(tool: string, text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = text.length > 200 ? `${text.slice(0, 100)} … ${text.slice(-100)}` : text;
    const message = `The arguments of tool "${tool}" are not valid JSON (${messageOf(cause)}). Nothing was run. You wrote: ${shown}`;
    throw new SageError('tool-error', message, { tool }, { cause });
  }
}

export function failure(error_code: string, message: string): CallOutcome {
  return { status: 'error', content: JSON.stringify({ status: 'error', error_code, message }) };
}
