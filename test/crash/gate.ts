import type { ScriptedAnswer } from 'sagents/testing';

/** An answer that stops in its middle, until it is told to go on. */
export interface Gate {
  readonly answer: ScriptedAnswer;
  /** Resolves when the model has come to the middle. */
  readonly reached: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const wait = (): Promise<void> => {
    reached.resolve();
    return opened.promise;
  };
  return {
    answer: { text: ['one ', 'two ', 'three ', 'four'], at: { 2: wait } },
    reached: reached.promise,
    open: opened.resolve,
  };
}
