import type { ChatModel } from '../../src/index.ts';

/** A model whose answers are watched while they are read. */
export interface WatchedModel extends ChatModel {
  /** How often it was called. */
  calls: number;
  /** How many chunks it has been asked for, over all answers. */
  pulled: number;
  /** How many answers have begun and neither ended nor been closed. */
  open: number;
}

export function watchModel(model: ChatModel): WatchedModel {
  const watched: WatchedModel = {
    calls: 0,
    pulled: 0,
    open: 0,
    chat: {
      completions: {
        create: async (body, options) => {
          watched.calls += 1;
          const answer = (await model.chat.completions.create(body, options)) as AsyncIterable<unknown>;
          return watch(answer, watched);
        },
      },
    },
  };
  return watched;
}

async function* watch(answer: AsyncIterable<unknown>, watched: WatchedModel): AsyncGenerator<unknown> {
  watched.open += 1;
  try {
    const chunks = answer[Symbol.asyncIterator]();
    for (;;) {
      watched.pulled += 1;
      const next = await chunks.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    watched.open -= 1;
  }
}
