/**
 * What the server says, rendered to bytes before anyone asks. A script is named `<kind>-<size>`:
 *
 * - `pieces-20000`: one reply of so many text pieces
 * - `steps-200`: so many replies with one tool call each, `{"n":1}`, `{"n":2}`, …, then a closing word
 * - `arguments-10000`: one tool call whose arguments come in so many fragments of 6 characters, then a closing word
 * - `paced-3x50`: 3 replies of 50 pieces each, one every 20 ms, holding the time it was sent; all but the last end in a
 *   tool call
 */
export interface Script {
  /** How many replies a conversation takes. */
  readonly replies: number;
  reply(step: number): Reply;
}

export interface Reply {
  /** Written one after the other, as fast as the reader takes them. */
  readonly writes: readonly Buffer[];
  /** Sent before `writes`: this many pieces with their time, one every `everyMs`. */
  readonly paced?: { readonly pieces: number; readonly everyMs: number };
}

const piecesPerWrite = 32;
const opening = chunk({ role: 'assistant', content: '' });

export function createScript(name: string): Script {
  const [kind = '', size = ''] = name.split('-');
  const [first = 0, second = 0] = size.split('x').map(Number);
  switch (kind) {
    case 'pieces': {
      const words = Array.from({ length: first }, (_, at) => chunk({ content: `word${at % 10} ` }));
      return { replies: 1, reply: once(() => ({ writes: inWrites([opening, ...words, ending('stop')]) })) };
    }
    case 'steps':
      return {
        replies: first + 1,
        reply: once((step) => (step < first ? { writes: inWrites(calling(step, [`{"n":${step + 1}}`])) } : closing)),
      };
    case 'arguments': {
      const text = 'abcde '.repeat(first - 2);
      const fragments = ['{"text":"', ...(text.match(/.{6}/g) ?? []), '"}'];
      return {
        replies: 2,
        reply: once((step) => (step === 0 ? { writes: inWrites(calling(0, fragments)) } : closing)),
      };
    }
    case 'paced': {
      const paced = { pieces: second, everyMs: 20 };
      return {
        replies: first,
        reply: once((step) => ({
          paced,
          writes: inWrites(step < first - 1 ? calling(step, [`{"n":${step + 1}}`]) : [ending('stop')]),
        })),
      };
    }
    default:
      throw new Error(`No script "${name}".`);
  }
}

/** A piece of text, ready to be sent. */
export function textPiece(text: string): string {
  return chunk({ content: text });
}

const closing: Reply = { writes: inWrites([opening, chunk({ content: 'done' }), ending('stop')]) };

function calling(step: number, fragments: readonly string[]): string[] {
  const call = { index: 0, id: `call_${step}`, type: 'function', function: { name: 'note', arguments: '' } };
  return [
    chunk({ role: 'assistant', content: null, tool_calls: [call] }),
    ...fragments.map((text) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
    ending('tool_calls'),
  ];
}

function chunk(delta: object, finish_reason: string | null = null): string {
  return event({ choices: [{ index: 0, delta, finish_reason }] });
}

function ending(reason: string): string {
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
  return `${chunk({}, reason)}${event({ choices: [], usage })}data: [DONE]\n\n`;
}

function event(fields: object): string {
  const head = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' };
  return `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
}

function inWrites(events: readonly string[]): Buffer[] {
  return Array.from({ length: Math.ceil(events.length / piecesPerWrite) }, (_, at) =>
    Buffer.from(events.slice(at * piecesPerWrite, (at + 1) * piecesPerWrite).join('')),
  );
}

/** Renders each step's reply the first time it is asked for. */
function once(render: (step: number) => Reply): (step: number) => Reply {
  const rendered = new Map<number, Reply>();
  return (step) => {
    const reply = rendered.get(step) ?? render(step);
    rendered.set(step, reply);
    return reply;
  };
}
