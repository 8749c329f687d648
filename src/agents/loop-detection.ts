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
      results.map(({ content }) => content),
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
