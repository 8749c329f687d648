import type { Field } from '../field.ts';
import { readOptions } from '../read-options.ts';

/** Whether a program makes or wipes file systems: what it is given is gone. */
export function isFormatter(name: string): boolean {
  return /^(mkfs(\..*)?|mke2fs|mkswap|mkntfs|mkdosfs|newfs(_.*)?|wipefs|blkdiscard|pvcreate|pvremove)$/.test(name);
}

/** Of programs that divide or join disks: the options with which they only look. With any other they may do more. */
const looking: Readonly<Record<string, { readonly letters: string; readonly longs: readonly string[] }>> = {
  fdisk: { letters: 'lxobctuLhV', longs: ['list', 'list-details', 'output', 'bytes', 'color', 'units'] },
  sfdisk: {
    letters: 'dJlFTVsgqovh',
    longs: ['dump', 'json', 'list', 'list-free', 'list-types', 'verify', 'show-size'],
  },
  gdisk: { letters: 'l', longs: ['list'] },
  sgdisk: { letters: 'pivOEFfD', longs: ['print', 'info', 'verify', 'print-mbr', 'display-alignment'] },
  mdadm: { letters: 'DEQYXvqsb', longs: ['detail', 'examine', 'query', 'brief', 'scan', 'verbose', 'export'] },
};

const changingParted = /^(mk|rm$|resize|set$|name$|toggle|move|rescue|disk_)/;
const changingHdparm = /^(security|trim|write|repair|make-bad|dco-(set|restore|setmax)|sanitize|fwdownload|format)/;

/** Whether a program that works on disks is told to change one, or asks on its own what to change. */
export function changesDisk(name: string, args: readonly Field[]): boolean {
  const { options, operands } = readOptions(args);
  switch (name) {
    case 'cfdisk':
    case 'cgdisk':
      return true;
    case 'badblocks':
      return options.some(({ form, name: option }) => form === 'letter' && 'wn'.includes(option));
    case 'hdparm':
      return options.some(({ name: option }) => changingHdparm.test(option));
    case 'parted':
      return operands.length === 1 || operands.some((word) => changingParted.test(word));
    default: {
      const known = Object.hasOwn(looking, name) ? looking[name] : undefined;
      if (known === undefined) return false;
      const isLooking = options.every(({ form, name: option }) =>
        form === 'letter' ? known.letters.includes(option) : known.longs.includes(option),
      );
      return options.length === 0 || !isLooking;
    }
  }
}
