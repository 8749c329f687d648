import { setTimeout as wait } from 'node:timers/promises';
import { defineTool } from 'sagents';
import { z } from 'zod';

const inDollars = { USD: 1, EUR: 1.25, GBP: 1.6 };
const currency = z.enum(['USD', 'EUR', 'GBP']);

/** A tool as a host writes one. The rates are made up and never change. */
export const exchangeRate = defineTool({
  name: 'exchange_rate',
  description: 'Tells what one unit of a currency is worth in another.',
  parameters: z.object({ from: currency, to: currency }),
  effect: 'none',
  async *execute({ from, to }, { signal }) {
    yield `asking for ${from} in ${to} `;
    for (const dot of ['. ', '. ', '. ']) {
      await wait(200, undefined, { signal });
      yield dot;
    }
    return { from, to, rate: inDollars[from] / inDollars[to] };
  },
});
