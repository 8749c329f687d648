import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['sagents-source'] },
  ssr: { resolve: { conditions: ['sagents-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Broken scheduling shows as a hang, so a hang must fail soon; slow suites set their own limit.
    testTimeout: 20_000,
    pool: 'forks',
  },
});
