/**
 * One measurement in a fresh process: `node measure.ts <job as JSON>` sends its `Measurement` to the parent. A small run
 * before the timed one loads what is loaded lazily.
 */
import { cpuMicros, nowMicros } from './clock.ts';
import type { Contender, ContenderName, ContenderOptions, Conversation, ToolArguments } from './conversation.ts';
import { median, noFigures, quantile } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { scenarios, timedCalls } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';

export interface Job {
  readonly contender: ContenderName;
  readonly scenario: string;
  /** Of the server. */
  readonly url: string;
  readonly run: string;
  readonly folders: { readonly warmUp: string; readonly timed: string };
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const scenario = scenarios.find(({ name }) => name === job.scenario);
if (scenario === undefined) throw new Error(`No scenario "${job.scenario}".`);

const { createContender } = (await import(`./contenders/${job.contender}.ts`)) as {
  createContender: (options: ContenderOptions) => Contender;
};

const warmUp = open(`${job.run}-warm-up`, scenario.warmUp, job.folders.warmUp);
await warmUp.converse(watch('warm-up').conversation);
await warmUp.close();

const timed = open(job.run, scenario.script, job.folders.timed);
process.send?.(await (scenario.priorMessages > 0 ? measureCalls(timed, scenario) : measureSessions(timed, scenario)));
process.disconnect?.();

function open(run: string, script: string, folder: string): Contender {
  return createContender({ baseURL: `${job.url}/${run}/${script}`, folder });
}

/** Every session once, all at the same time; closing is part of the work. */
async function measureSessions(contender: Contender, { sessions }: Scenario): Promise<Measurement> {
  const watches = Array.from({ length: sessions }, (_, at) => watch(`session-${at}`));
  const started = nowMicros();
  const cpu = cpuMicros();
  const tookMicros = await Promise.all(
    watches.map(async ({ conversation }) => {
      await contender.converse(conversation);
      return nowMicros() - started;
    }),
  );
  await contender.close();
  const cpuMs = (cpuMicros() - cpu) / 1000;
  const latencies = watches.flatMap((one) => one.latencies);
  return {
    ...noFigures,
    ...counted(watches),
    cpuMs,
    growth: growthOf(watches[0]?.marks ?? []),
    latencyMs: { p50: quantile(latencies, 0.5) / 1000, p99: quantile(latencies, 0.99) / 1000 },
    slowestMs: Math.max(...tookMicros) / 1000,
  };
}

/** One session, call after call: the first brings the history, the second is untimed, then the median. */
async function measureCalls(contender: Contender, { priorMessages }: Scenario): Promise<Measurement> {
  const one = watch('long');
  const prior = Array.from({ length: priorMessages }, (_, at) => ({
    role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: `Message ${at}: ${'a few words of history '.repeat(13)}`,
  }));
  const call = async (conversation: Conversation): Promise<number> => {
    const cpu = cpuMicros();
    await contender.converse(conversation);
    return (cpuMicros() - cpu) / 1000;
  };
  const firstCallMs = await call({ ...one.conversation, prior });
  await call(one.conversation);
  const warm: number[] = [];
  while (warm.length < timedCalls) warm.push(await call(one.conversation));
  await contender.close();
  return { ...noFigures, ...counted([one]), firstCallMs, warmCallMs: median(warm) };
}

interface Watch {
  readonly conversation: Conversation;
  readonly counts: { pieces: number; toolRuns: number };
  /** Of the pieces that hold the time they were sent, in µs. */
  readonly latencies: number[];
  /** CPU so far at each tool run, in µs. */
  readonly marks: number[];
}

function watch(id: string): Watch {
  const counts = { pieces: 0, toolRuns: 0 };
  const latencies: number[] = [];
  const marks: number[] = [];
  const isTimed = scenario?.script.startsWith('paced') === true;
  const onPiece = (text: string): void => {
    counts.pieces++;
    if (isTimed && !text.startsWith('{')) latencies.push(nowMicros() - Number(text));
  };
  const runTool = ({ n, text }: ToolArguments): string => {
    counts.toolRuns++;
    marks.push(cpuMicros());
    return String(n ?? text?.length);
  };
  return { conversation: { id, input: 'go', onPiece, runTool }, counts, latencies, marks };
}

function counted(watches: readonly Watch[]): Pick<Measurement, 'pieces' | 'toolRuns'> {
  const sum = (of: 'pieces' | 'toolRuns'): number => watches.reduce((total, { counts }) => total + counts[of], 0);
  return { pieces: sum('pieces'), toolRuns: sum('toolRuns') };
}

function growthOf(marks: readonly number[]): number {
  if (marks.length < 400) return 0;
  const spent = (from: number): number => (marks[from + 99] ?? 0) - (marks[from] ?? 0);
  return spent(marks.length - 100) / spent(Math.floor(marks.length / 2) - 50);
}
