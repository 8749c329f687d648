import { nameOf, type SimpleCommand } from '../command.ts';
import { isUnknown, show, type Field } from '../field.ts';
import { isRawDevice, resolvePath } from '../paths.ts';
import { hasOption, readOptions } from '../read-options.ts';

/** Make, wipe or divide file systems: what they are given is gone. */
const formatters = /^(mkfs(\..*)?|mke2fs|mkswap|mkntfs|mkdosfs|newfs(_.*)?|wipefs|blkdiscard|pvcreate|pvremove)$/;
const partitioners = /^(fdisk|sfdisk|cfdisk|gdisk|cgdisk|sgdisk|parted|mdadm|badblocks|hdparm)$/;

const changingParted = /^(mk|rm$|resize|set$|name$|toggle|move|rescue|disk_)/;

/** Commands of more than one word that lose a disk. */
const losing =
  /^(cryptsetup (luksformat|erase|luksErase|reencrypt)|diskutil (erase\w*|partitiondisk|zerodisk|randomdisk|secureerase|reformat)|nvme (format|sanitize)|zpool (destroy|create|labelclear)|vgremove|lvremove)\b/i;

/** The disk, or the memory, that a command would write over, as the reason. */
export function overwrittenDevice(command: SimpleCommand): string | undefined {
  const device = [...written(command)].find((path) => isRawDevice(resolvePath(path, command.folder) ?? path));
  if (device !== undefined) return `writes to the raw device "${show(device)}"`;
  const name = nameOf(command);
  const [, ...args] = command.fields;
  const { operands } = readOptions(args);
  const phrase = `${name} ${operands[0] ?? ''}`.trim();
  if (losing.test(phrase)) return `destroys what is on a disk with "${phrase}"`;
  // On which disk, only running would tell.
  return formatters.test(name) && operands.some(isUnknown) ? `makes or wipes a file system with "${name}"` : undefined;
}

/** Every path that a command opens to write to. */
function* written(command: SimpleCommand): Generator<Field> {
  for (const { operator, target } of command.redirects) if (operator.includes('>')) yield target;
  const name = nameOf(command);
  const [, ...args] = command.fields;
  const paths = args.filter((arg) => !arg.startsWith('-'));
  if (name === 'tee' || name === 'shred' || name === 'srm' || name === 'truncate' || formatters.test(name)) {
    yield* paths;
  } else if (name === 'cp' || name === 'mv' || name === 'install' || name === 'ddrescue' || name === 'pv') {
    yield* paths.slice(-1);
  } else if (/^(g|dc|dcfl)?dd$/.test(name) || name === 'dc3dd') {
    for (const arg of args) if (arg.startsWith('of=')) yield arg.slice(3);
  } else if (partitioners.test(name) && !isLooking(name, args)) {
    yield* paths;
  }
}

/** Lists partitions, and changes none. */
function isLooking(name: string, args: readonly Field[]): boolean {
  const { options, operands } = readOptions(args);
  if (name === 'badblocks') return !hasOption(options, 'wn');
  if (name === 'hdparm') return !options.some(({ name: option }) => /^(security|trim|write|dco|make-bad)/.test(option));
  if (name === 'mdadm') return hasOption(options, 'DEQ', 'detail', 'examine', 'query');
  if (name === 'parted') return operands.length > 1 && !operands.some((word) => changingParted.test(word));
  return hasOption(options, name === 'sgdisk' ? 'pivO' : 'lxdJs', 'list', 'print', 'dump', 'json');
}
