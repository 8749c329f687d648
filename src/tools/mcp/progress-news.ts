import type { Progress } from '@modelcontextprotocol/client';
import { mostProgressCharacters, mostProgressPieces, progressPauseMs } from './limits.ts';

/**
 * The progress of a call on its way to a reader who may be slower: only the newest is kept, so a server that tells of each byte
 * is shown ten times a second.
 */
export class ProgressNews {
  #newest: string | undefined;
  #isOver = false;
  #wake = (): void => {};

  put(progress: Progress): void {
    this.#newest = describe(progress);
    this.#wake();
  }

  /** No more will come. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Ends with the news, at the latest after a thousand pieces. */
  async *read(): AsyncGenerator<string, void> {
    for (let shown = 0; shown < mostProgressPieces; shown += 1) {
      while (this.#newest === undefined && !this.#isOver) await this.#more();
      if (this.#newest === undefined) return;
      const text = this.#newest;
      this.#newest = undefined;
      yield text;
      await this.#pause();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  async #pause(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, progressPauseMs)));
    const end = async () => {
      while (!this.#isOver) await this.#more();
    };
    await Promise.race([time, end()]);
    clearTimeout(timer);
  }
}

function describe({ progress, total, message }: Progress): string {
  const place = total === undefined ? String(progress) : `${progress}/${total}`;
  const text = message === undefined ? place : `${place} ${message}`;
  return text.slice(0, mostProgressCharacters);
}
