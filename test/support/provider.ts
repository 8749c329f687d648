import type { ServerResponse } from 'node:http';
import { event, finish, stream, text, usage, done, type Answer } from '../model/sse-server.ts';

/** A chunk whose delta is as it is given. */
export const delta = (fields: object, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: fields, finish_reason }] });

/** A call of `echo`, in the fragments its arguments are given in. */
export const echoCall = (...fragments: readonly string[]): string[] => [
  delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'echo', arguments: '' } }] }),
  ...fragments.map((piece) => delta({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
];

export const callEcho = stream(...echoCall('{"text":', '"hi"}'), finish('tool_calls'), done);

export const sayDone = stream(text('Do'), text('ne'), finish(), usage, done);

/** Answers with these parts, each in a write of its own, and then breaks the connection. */
export const cut =
  (...parts: readonly string[]): Answer =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    for (const part of parts) await write(response, part);
    response.socket?.destroy();
  };

/** Answers with a body of this type, whatever it says. */
export const plain =
  (status: number, type: string, body: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

function write(response: ServerResponse, part: string): Promise<void> {
  return new Promise((resolve) => {
    // The client reads each part alone: it is on its way before the next is written.
    response.write(part, () => setTimeout(resolve, 10));
  });
}
