import type { Message } from '../messages/message.ts';

/** What the user asked for, by options and by tags: what a switch looks up first. */
export interface RunSettings {
  readonly agent_mode: string;
  readonly deep_thinking: boolean;
  /** `off` where thinking was not asked for. */
  readonly thinking_level: string;
  readonly enable_plan: boolean;
  readonly more_suggest: boolean;
  readonly force_summary: boolean;
}

/** What the host's conditions and agents see of a run. */
export interface RunContext {
  readonly sessionId: string;
  readonly runId: string;
  readonly settings: RunSettings;
  /**
   * Values the agents of this run keep for it, as JSON: journalled, so a continued run has them; the next run begins without
   * them. A switch finds strings, numbers and booleans in it.
   */
  readonly state: {
    get(key: string): unknown;
    set(key: string, value: unknown): void;
  };
  readonly systemContext: Readonly<Record<string, unknown>>;
  /** The session's messages as they stand, hidden ones included. */
  readonly messages: readonly Message[];
}
