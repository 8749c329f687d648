/** What one process found out about one contender; a figure that does not belong to its scenario is 0. */
export interface Measurement {
  /** CPU of the client process, all threads. */
  readonly cpuMs: number;
  readonly pieces: number;
  readonly toolRuns: number;
  /** CPU of the last 100 steps over that of the 100 in the middle. */
  readonly growth: number;
  /** From the server's write to the contender's hand. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly slowestMs: number;
  readonly firstCallMs: number;
  readonly warmCallMs: number;
}

export const noFigures: Measurement = {
  cpuMs: 0,
  pieces: 0,
  toolRuns: 0,
  growth: 0,
  latencyMs: { p50: 0, p99: 0 },
  slowestMs: 0,
  firstCallMs: 0,
  warmCallMs: 0,
};

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that `share` of all do not exceed; 0 of none. */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? 0;
  return low + (high - low) * (at - Math.floor(at));
}
