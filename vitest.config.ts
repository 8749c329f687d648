import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Where `.ci/run` wants the numbers of a run, as JSON.
const report = process.env['SAGENTS_TEST_REPORT'];

export default defineConfig({
  resolve: { conditions: ['sagents-source'] },
  ssr: { resolve: { conditions: ['sagents-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/install-programs.ts'],
    // Broken scheduling shows as a hang, so a hang must fail soon; slow suites set their own limit.
    testTimeout: 20_000,
    pool: 'forks',
    // One core more than by default: suites wait for processes and browsers more than they compute.
    maxWorkers: Math.max(2, availableParallelism()),
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
