import type { ContractCase } from '../contract.ts';
import { children } from './children.ts';
import { keeping } from './keeping.ts';
import { owning } from './owning.ts';
import { reading } from './reading.ts';
import { sending } from './sending.ts';
import type { StorePlace } from './store-cases.ts';
import { waiting } from './waiting.ts';

export type { StorePlace };

/** What every `SessionStore` must honour, one case a behaviour. `createPlace` is called for each case. */
export function storeContract(createPlace: () => Promise<StorePlace>): readonly ContractCase[] {
  return Object.entries({ ...owning, ...reading, ...waiting, ...keeping, ...sending, ...children }).map(
    ([name, check]) => ({
      name,
      async run() {
        await using place = await createPlace();
        await check(place);
      },
    }),
  );
}
