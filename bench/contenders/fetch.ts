import type { Contender, ContenderOptions } from '../conversation.ts';
import { createBareLoop } from './bare-loop.ts';
import type { Delta } from './bare-loop.ts';

interface WireChunk {
  readonly choices: readonly { readonly delta: Delta }[];
}

/** `fetch`, a decoder and a cut at each blank line: about the least a program can do. */
export function createContender({ baseURL }: ContenderOptions): Contender {
  return createBareLoop(async (body, onDelta) => {
    const response = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'authorization': 'Bearer x' },
      body: JSON.stringify(body),
    });
    if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of response.body) {
      rest += decoder.decode(bytes, { stream: true });
      let start = 0;
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n', start)) {
        const data = rest.slice(start + 'data: '.length, end);
        start = end + 2;
        if (data === '[DONE]') continue;
        const delta = (JSON.parse(data) as WireChunk).choices[0]?.delta;
        if (delta !== undefined) onDelta(delta);
      }
      rest = rest.slice(start);
    }
  });
}
