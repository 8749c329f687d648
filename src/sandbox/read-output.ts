import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { OutputPiece } from './sandbox.ts';
import type { Command } from './start-command.ts';

/** After the command has exited: how long one look for more output takes, and how many in vain are enough. */
const lookMs = 10;
const looksInVain = 10;
/** More pieces than two pipes can hold once the command has exited; those that follow are somebody else's. */
const latePieces = 256;

/**
 * Yields what a command writes, as it appears, until it has ended.
 *
 * Nothing is read ahead of the reader: while it holds a piece the pipes fill up, and the command waits. Where something
 * the command started still holds the pipes after it exited, what the command itself wrote is read to its end, and the
 * reading stops after 100 ms of silence or 256 pieces. The pipes stay open; no listener is left.
 */
export async function* readOutput(command: Command): AsyncGenerator<OutputPiece, void> {
  const pipes = [
    { stream: 'stdout', pipe: command.stdout, decoder: new StringDecoder('utf8') },
    { stream: 'stderr', pipe: command.stderr, decoder: new StringDecoder('utf8') },
  ] as const;
  const changes = watch([
    ...pipes.flatMap(({ pipe }) => ['readable', 'end', 'close', 'error'].map((event) => [pipe, event] as const)),
    [command.process, 'exit'],
  ]);
  let inVain = 0;
  let late = 0;
  try {
    while (true) {
      const exited = hasExited(command);
      let found = 0;
      for (const { stream, pipe, decoder } of pipes) {
        // In bytes, and decoded here: a stream that decodes keeps its texts in pieces, and makes one of them once more.
        const bytes = pipe.read() as Buffer | null;
        if (bytes === null) continue;
        found += 1;
        const text = decoder.write(bytes);
        if (text !== '') yield { stream, text };
      }
      if (exited) {
        late += found;
        const over = found === 0 && pipes.every(({ pipe }) => hasEnded(pipe));
        if (over || late >= latePieces || inVain >= looksInVain) break;
      }
      if (found > 0) {
        inVain = 0;
        continue;
      }
      // Looks are counted, not milliseconds: in a process that was busy meanwhile the pipes get their turn all the same.
      const change = await changes.next(exited ? lookMs : undefined);
      if (change === 'none') inVain += 1;
    }
    // A character that was never finished.
    for (const { stream, decoder } of pipes) {
      const text = decoder.end();
      if (text !== '') yield { stream, text };
    }
  } finally {
    changes.close();
  }
}

/** Whether the command itself has ended and been reaped. */
export function hasExited({ process }: Command): boolean {
  return process.exitCode !== null || process.signalCode !== null;
}

/** Whether nothing more can come out of the pipe. */
function hasEnded(pipe: Readable): boolean {
  return pipe.readableEnded || pipe.destroyed;
}

/** Waits for any of the events, one `next()` at a time; those that come while nobody waits are not kept. */
function watch(sources: readonly (readonly [EventEmitter, string])[]) {
  let wake = () => {};
  const onEvent = () => wake();
  for (const [emitter, event] of sources) emitter.on(event, onEvent);
  return {
    async next(timeoutMs?: number): Promise<'some' | 'none'> {
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise((resolve) => {
          wake = () => resolve('some');
          if (timeoutMs !== undefined) timer = setTimeout(() => resolve('none'), timeoutMs);
        });
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      for (const [emitter, event] of sources) emitter.off(event, onEvent);
    },
  };
}
