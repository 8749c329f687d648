import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { SageError } from '../../../errors.ts';

/** Whether an address belongs to somebody on the internet: not to this machine, its network, its cloud, or a tunnel to them. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** For tests, which serve pages on this machine. */
export interface AddressRules {
  readonly isAllowed: (address: string) => boolean;
  readonly lookup: LookupFunction;
}

export const strictRules: AddressRules = {
  isAllowed: isPublicAddress,
  lookup: systemLookup,
};

/**
 * Resolves a name and gives the connection the addresses that were checked: what the name means a moment later does not matter.
 * One forbidden address among them is enough to refuse the name.
 */
export function checkedLookup({ isAllowed, lookup }: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = Array.isArray(found) ? found : [];
      const forbidden = addresses.find(({ address }) => !isAllowed(address));
      const first = addresses[0];
      if (forbidden !== undefined) return callback(refusal(hostname, forbidden.address), '');
      if (first === undefined) return callback(refusal(hostname, 'no address'), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** An address in the place of a name is never looked up. @throws {SageError} `tool-error`. */
export function checkHost({ hostname }: URL, { isAllowed }: AddressRules): void {
  // `new URL` has read 0x7f.1 and the like as the addresses they are.
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isAllowed(bare)) throw refusal(hostname, bare);
}

function refusal(hostname: string, address: string): SageError {
  const message = `"${hostname}" is at ${address}, which is not on the public internet. Only public pages are fetched.`;
  return new SageError('tool-error', message, { tool: 'fetch_webpages' });
}
