import type { ContenderName } from './conversation.ts';
import type { Measurement } from './measurement.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What the server says (`replies.ts`), timed and in the untimed small run before. */
  readonly script: string;
  readonly warmUp: string;
  /** Conversations held at once. */
  readonly sessions: number;
  /** Messages said before. With any, the conversation goes on call after call instead of being held once. */
  readonly priorMessages: number;
  /** What every contender must have done for its figures to count. */
  readonly expected: { readonly requests: number; readonly pieces: number; readonly toolRuns: number };
  /** At least: the proof that the history was sent with every request. */
  readonly bodyBytes: number;
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly label: string;
  readonly unit: string;
  readonly of: (measurement: Measurement) => number;
  readonly targets: readonly Target[];
}

/** At most this many times another contender's figure, or at most this much. */
export type Target =
  | { readonly against: Exclude<ContenderName, 'sagents'>; readonly atMost: number }
  | { readonly against: 'limit'; readonly atMost: number };

const alone = { sessions: 1, priorMessages: 0 };

/** Calls of the conversation with a long history: the first, one untimed, and those the median is taken of. */
export const timedCalls = 5;

export const scenarios: readonly Scenario[] = [
  {
    name: 'pieces',
    title: '20,000 text pieces',
    ...alone,
    script: 'pieces-20000',
    warmUp: 'pieces-200',
    expected: { requests: 1, pieces: 20_000, toolRuns: 0 },
    bodyBytes: 0,
    figures: [
      {
        label: 'CPU a piece',
        unit: 'µs',
        of: ({ cpuMs, pieces }) => (cpuMs * 1000) / pieces,
        targets: [
          { against: 'fetch', atMost: 1.3 },
          { against: 'openai', atMost: 0.66 },
        ],
      },
    ],
  },
  {
    name: 'arguments',
    title: 'one 60 KB tool argument in 10,000 fragments',
    ...alone,
    script: 'arguments-10000',
    warmUp: 'arguments-100',
    expected: { requests: 2, pieces: 10_001, toolRuns: 1 },
    bodyBytes: 60_000,
    figures: [
      {
        label: 'CPU a fragment',
        unit: 'µs',
        of: ({ cpuMs, pieces }) => (cpuMs * 1000) / pieces,
        targets: [{ against: 'fetch', atMost: 1.4 }],
      },
    ],
  },
  {
    name: 'steps-200',
    title: '200 steps of one tool call',
    ...alone,
    script: 'steps-200',
    warmUp: 'steps-3',
    expected: { requests: 201, pieces: 201, toolRuns: 200 },
    bodyBytes: 3_000_000,
    figures: [
      {
        label: 'CPU a step',
        unit: 'ms',
        of: ({ cpuMs, toolRuns }) => cpuMs / toolRuns,
        targets: [{ against: 'openai', atMost: 1.2 }],
      },
    ],
  },
  {
    name: 'steps-800',
    title: '800 steps of one tool call',
    ...alone,
    script: 'steps-800',
    warmUp: 'steps-3',
    expected: { requests: 801, pieces: 801, toolRuns: 800 },
    bodyBytes: 48_000_000,
    figures: [
      {
        label: 'CPU a step',
        unit: 'ms',
        of: ({ cpuMs, toolRuns }) => cpuMs / toolRuns,
        targets: [{ against: 'openai', atMost: 1.1 }],
      },
      {
        label: 'growth, last 100 steps / middle 100',
        unit: '×',
        of: ({ growth }) => growth,
        targets: [{ against: 'limit', atMost: 1.3 }],
      },
    ],
  },
  {
    name: 'sessions',
    title: '500 sessions at once: 3 steps of 50 pieces, one every 20 ms',
    sessions: 500,
    priorMessages: 0,
    script: 'paced-3x50',
    warmUp: 'paced-2x3',
    expected: { requests: 1_500, pieces: 500 * (3 * 50 + 2), toolRuns: 1_000 },
    bodyBytes: 0,
    figures: [
      { label: 'CPU', unit: 's', of: ({ cpuMs }) => cpuMs / 1000, targets: [{ against: 'openai', atMost: 1.2 }] },
      { label: 'added latency p50', unit: 'ms', of: ({ latencyMs }) => latencyMs.p50, targets: [] },
      {
        label: 'added latency p99',
        unit: 'ms',
        of: ({ latencyMs }) => latencyMs.p99,
        targets: [{ against: 'openai', atMost: 1 }],
      },
      // 3 s is the time the pieces take to be sent; twice that for the slowest means that nobody was starved.
      {
        label: 'slowest session',
        unit: 's',
        of: ({ slowestMs }) => slowestMs / 1000,
        targets: [{ against: 'limit', atMost: 6 }],
      },
    ],
  },
  {
    name: 'prior',
    title: '2,000 prior messages, a body of 0.68 MB',
    sessions: 1,
    priorMessages: 2_000,
    script: 'pieces-10',
    warmUp: 'pieces-200',
    expected: { requests: 2 + timedCalls, pieces: 10 * (2 + timedCalls), toolRuns: 0 },
    bodyBytes: (2 + timedCalls) * 680_000,
    figures: [
      {
        label: 'CPU of a call that continues (warm, median of 5)',
        unit: 'ms',
        of: ({ warmCallMs }) => warmCallMs,
        targets: [{ against: 'openai', atMost: 1.5 }],
      },
      {
        label: 'CPU of the first call (history as input)',
        unit: 'ms',
        of: ({ firstCallMs }) => firstCallMs,
        targets: [],
      },
    ],
  },
];
