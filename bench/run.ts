/**
 * `npm run bench -- [--rounds 5] [--only pieces,import] [--contenders fetch,openai]`
 *
 * Our run beside the same loop written by hand, over `fetch` and over the `openai` client. Each measurement is a fresh
 * process, the contenders take turns, and what counts is CPU: the ratios of medians hold on a busy machine too.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contenderNames } from './conversation.ts';
import type { ContenderName } from './conversation.ts';
import type { Job } from './measure.ts';
import { median } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { folderRoot, freshFolder, measureIn, startServer } from './processes.ts';
import { judge, toTable } from './report.ts';
import type { Row } from './report.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import type { RunCount } from './server.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: [...scenarios.map(({ name }) => name), 'import'].join(',') },
    contenders: { type: 'string', default: contenderNames.join(',') },
  },
});
const rounds = Number(options.rounds);
const contenders = contenderNames.filter((name) => options.contenders.split(',').includes(name));
const isChosen = (name: string): boolean => options.only.split(',').includes(name);

if (folderRoot() !== '/dev/shm')
  console.warn(`No /dev/shm: sessions are written to ${folderRoot()}, which may be slow.`);

const lines: (Row | { title: string })[] = [];
{
  await using server = await startServer();
  for (const scenario of scenarios.filter(({ name }) => isChosen(name))) {
    console.error(`${scenario.title} …`);
    lines.push({ title: scenario.title }, ...(await compare(scenario, server.url)));
  }
}
if (isChosen('import') && contenders.includes('sagents')) {
  lines.push(...(await compareImports()));
}

console.log(toTable(lines));
const verdicts = lines.flatMap((line) => ('title' in line ? [] : judge(line)));
console.log(`\n${verdicts.filter(({ isMet }) => isMet).length} of ${verdicts.length} targets met, ${rounds} rounds.`);

async function compare(scenario: Scenario, url: string): Promise<Row[]> {
  const found = new Map<ContenderName, Measurement[]>(contenders.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measurements] of found) measurements.push(await measure(scenario, name, url, round));
  }
  return scenario.figures.map(({ label, unit, of, targets }) => ({
    label,
    unit,
    targets,
    medians: Object.fromEntries([...found].map(([name, measurements]) => [name, median(measurements.map(of))])),
  }));
}

/** One measurement, and the proof that the contender did the work. */
async function measure(scenario: Scenario, name: ContenderName, url: string, round: number): Promise<Measurement> {
  using folder = freshFolder();
  const folders = { warmUp: join(folder.path, 'warm-up'), timed: join(folder.path, 'timed') };
  mkdirSync(folders.warmUp);
  mkdirSync(folders.timed);
  const job: Job = { contender: name, scenario: scenario.name, url, run: `${scenario.name}-${name}-${round}`, folders };
  const measurement = await measureIn<Measurement>('measure.ts', [JSON.stringify(job)]);
  const { requests, bodyBytes } = (await (await fetch(`${url}/${job.run}`)).json()) as RunCount;
  const done = { requests, pieces: measurement.pieces, toolRuns: measurement.toolRuns };
  for (const [what, count] of Object.entries(scenario.expected)) {
    const was = done[what as keyof typeof done];
    if (was !== count) throw new Error(`${job.run} came to ${was} ${what}, not ${count}: its figures mean nothing.`);
  }
  if (bodyBytes < scenario.bodyBytes) throw new Error(`${job.run} sent ${bodyBytes} bytes: not its whole history.`);
  return measurement;
}

/** Cheap, and in wall time: more rounds than the rest. */
async function compareImports(): Promise<[{ title: string }, Row]> {
  const found: Record<'openai' | 'sagents', number>[] = [];
  while (found.length < rounds * 3) found.push(await measureIn('import-time.ts', [], 'built'));
  const client = median(found.map(({ openai }) => openai)).toFixed(0);
  return [
    { title: `import in a fresh process, wall time beside the ${client} ms of openai` },
    {
      label: 'what sagents adds',
      unit: 'ms',
      medians: { sagents: median(found.map(({ sagents }) => sagents)) },
      targets: [{ against: 'limit', atMost: 20 }],
    },
  ];
}
