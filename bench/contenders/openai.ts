import OpenAI from 'openai';
import type { Contender, ContenderOptions } from '../conversation.ts';
import { createBareLoop } from './bare-loop.ts';

/** The client as its readme shows it: create a stream, iterate it. */
export function createContender({ baseURL }: ContenderOptions): Contender {
  const client = new OpenAI({ baseURL, apiKey: 'x' });
  return createBareLoop(async (body, onDelta) => {
    const stream = await client.chat.completions.create(body);
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta;
      if (delta !== undefined) onDelta(delta);
    }
  });
}
