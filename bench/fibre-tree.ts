import type { ChatModel, ChatRequest } from 'sagents';

/** The root delegates to so many, and each of those to so many more. */
const branches = 5;
export const leavesEach = 9;
export const children = branches * (1 + leavesEach);
export const piecesEach = 1_000;

/** `simple` says by itself what the children of `fibre` say. */
export type Shape = 'simple' | 'fibre';

export interface Speech {
  /** Of each child. */
  readonly pieces: number;
  /** Characters of one. */
  readonly pieceLength: number;
}

interface Call {
  readonly name: string;
  readonly arguments: unknown;
}

const pause: Call = { name: 'pause', arguments: {} };
const finish: Call = { name: 'sys_finish_task', arguments: { result: 'Said.' } };

/**
 * A model for the whole tree: it tells who asks by the first word of the system message. Everybody says their pieces and then
 * makes one call: whoever has others below has them work, the others finish. `look` is called at each model call of the root.
 */
export function treeModel(shape: Shape, { pieces, pieceLength }: Speech, look: () => void): ChatModel {
  const say = (count: number, call?: Call) => stream(count, pieceLength, call);
  const answer = ({ messages }: ChatRequest) => {
    const [who] = String(messages[0].content).split('\n');
    const isBack = messages.at(-1).role === 'tool';
    if (who === 'root') look();
    if (who === 'root' && isBack) return say(1);
    if (who === 'root')
      return shape === 'simple' ? say(children * pieces, pause) : say(0, delegate('branch', branches));
    if (who === 'branch' && !isBack) return say(pieces, delegate('leaf', leavesEach));
    return say(isBack ? 0 : pieces, finish);
  };
  return { chat: { completions: { create: async (body) => answer(body) } } };
}

function delegate(agent_id: string, count: number): Call {
  const tasks = Array.from({ length: count }, (_, at) => ({
    agent_id,
    task_name: `${agent_id} ${at}`,
    content: 'Go.',
  }));
  return { name: 'sys_delegate_task', arguments: { tasks } };
}

/** Piece by piece, without waiting for anything. No two pieces share their text. */
async function* stream(pieces: number, length: number, call: Call | undefined): AsyncGenerator<unknown> {
  for (let piece = 0; piece < pieces; piece += 1) yield choice({ content: `${piece} `.padEnd(length, 'word ') });
  if (call === undefined) yield choice({}, 'stop');
  else yield choice({ tool_calls: [toToolCall(call)] }, 'tool_calls');
}

function toToolCall({ name, arguments: given }: Call): object {
  return { index: 0, id: 'call', type: 'function', function: { name, arguments: JSON.stringify(given) } };
}

function choice(delta: object, finish_reason: string | null = null): object {
  return { choices: [{ index: 0, delta, finish_reason }] };
}
