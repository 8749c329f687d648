import type { Message } from '../messages/message.ts';

const limit = 3;

/**
 * Sees the steps of one agent and tells when it goes in a circle: the same calls with the same results, three times running.
 * The same call with another result is progress.
 */
export class LoopDetector {
  #last: string | undefined;
  #times = 0;
  #wasCorrected = false;

  /** `correct`: tell the model once. `stop`: it was told, and did the same again. */
  see(reply: Message, results: readonly Message[]): 'go-on' | 'correct' | 'stop' {
    const step = JSON.stringify([
      reply.tool_calls?.map(({ function: { name, arguments: text } }) => [name, text]),
      results.map(withoutNewIds),
    ]);
    this.#times = step === this.#last ? this.#times + 1 : 1;
    if (step !== this.#last) this.#wasCorrected = false;
    this.#last = step;
    if (this.#times < limit) return 'go-on';
    if (this.#wasCorrected) return 'stop';
    this.#wasCorrected = true;
    return 'correct';
  }
}

/** Sessions that were made for a call are named anew each time: only by that its results differ. */
function withoutNewIds({ content, metadata }: Message): unknown {
  const { session_ids: made } = metadata ?? {};
  if (typeof content !== 'string' || !Array.isArray(made)) return content;
  return made.reduce<string>((text, id) => text.replaceAll(String(id), ''), content);
}
