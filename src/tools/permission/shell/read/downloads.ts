import { nameOf, type SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import { readOptions } from '../read-options.ts';

/** The files that a download is written to. */
export function writtenByDownload(command: Pick<SimpleCommand, 'fields'>): readonly Field[] {
  const args = command.fields.slice(1);
  switch (nameOf(command)) {
    case 'curl': {
      const { options, operands } = readOptions(args, { valued: 'oHXdAebuFTxmcKEwrYyztCDPQU', longValued: ['output'] });
      const named = options.filter(({ name }) => name === 'o' || name === 'output').map(({ value = '' }) => value);
      const isRemoteName = options.some(({ name }) => name === 'O' || name.startsWith('remote-name'));
      return isRemoteName ? [...named, ...operands.map(lastPart)] : named;
    }
    case 'wget': {
      const { options, operands } = readOptions(args, { valued: 'OPUotTwQ', longValued: ['output-document'] });
      const named = options.filter(({ name }) => name === 'O' || name === 'output-document');
      return named.length > 0 ? named.map(({ value = '' }) => value) : operands.map(lastPart);
    }
    default:
      return [];
  }
}

function lastPart(url: Field): Field {
  return url.replace(/[?#].*$/s, '').replace(/^.*\//s, '');
}
