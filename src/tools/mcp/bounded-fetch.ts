import { mostMessageBytes } from './limits.ts';

const blankLines = ['\n\n', '\r\n\r\n', '\r\r'];

/** `fetch`, but a body fails that brings a message of more than 8 MiB. In a stream of events each event is one. */
export async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(boundMessages(isStream)), { status, statusText, headers });
}

function boundMessages(isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes = isStream ? bytesOfLastEvent(bytes, chunk) : bytes + chunk.byteLength;
      if (bytes <= mostMessageBytes) controller.enqueue(chunk);
      else controller.error(new Error(`The server sent a message of more than ${mostMessageBytes} bytes`));
    },
  });
}

/** An event ends with a blank line. One that two chunks share is missed, and then the next one counts. */
function bytesOfLastEvent(before: number, chunk: Uint8Array): number {
  const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const ends = blankLines.map((line) => view.lastIndexOf(line));
  const end = Math.max(...ends);
  return end === -1 ? before + chunk.byteLength : chunk.byteLength - end;
}
