// What agents that work for another one cost: `node -C sagents-source bench/fibre.ts [rounds]`. A tree of depth 3, in which 50
// children say 1,000 pieces each, beside one simple run that says the 50,000 by itself; each in a process of its own, in turns.
// Then the same with long pieces: the heap that a run holds when all has been said. The simple run shows what held text takes.
import { children, piecesEach, type Shape } from './fibre-tree.ts';
import type { FibreJob, FibreMeasurement } from './measure-fibre.ts';
import { median } from './measurement.ts';
import { freshFolder, measureIn } from './processes.ts';

const rounds = Number(process.argv[2] ?? 9);
const longPiece = 500;

async function measure(shape: Shape, what: FibreJob['what'], pieceLength: number): Promise<FibreMeasurement> {
  using folder = freshFolder();
  const job: FibreJob = { shape, what, pieceLength, folder: folder.path };
  return await measureIn<FibreMeasurement>('measure-fibre.ts', [JSON.stringify(job)]);
}

const micros = { simple: [] as number[], fibre: [] as number[] };
const held = { simple: [] as number[], fibre: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  for (const shape of ['simple', 'fibre'] as const) {
    micros[shape].push((await measure(shape, 'cpu', 5)).cpuMicros / (children * piecesEach));
  }
}
for (let round = 0; round < 3; round += 1) {
  for (const shape of ['simple', 'fibre'] as const) {
    held[shape].push((await measure(shape, 'heap', longPiece)).heldBytes / children / 1_000);
  }
}

const spread = (values: readonly number[]) =>
  `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
const ratios = micros.fibre.map((value, round) => value / (micros.simple[round] ?? 0));
console.log(`CPU a piece      simple ${spread(micros.simple)} µs, fibre ${spread(micros.fibre)} µs`);
console.log(`                 ${(median(micros.fibre) / median(micros.simple)).toFixed(2)} of medians  [1.3]`);
console.log(`                 ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')} round by round`);
console.log(`heap a child     simple ${spread(held.simple)} kB, fibre ${spread(held.fibre)} kB`);
console.log(`                 of ${(longPiece * piecesEach) / 1_000} kB of text`);
