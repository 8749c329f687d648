import { nameOf, type SimpleCommand } from '../command.ts';
import { isUnknown, show } from '../field.ts';
import { isRawDevice, resolvePath } from '../paths.ts';
import { readOptions } from '../read-options.ts';
import { isFormatter } from './disk-tools.ts';
import { writtenPaths } from './written-paths.ts';

/** Commands of more than one word that lose a disk. */
const losing =
  /^(cryptsetup (luksformat|erase|luksErase|reencrypt)|diskutil (erase\w*|partitiondisk|zerodisk|randomdisk|secureerase|reformat)|nvme (format|sanitize)|zpool (destroy|create|labelclear)|vgremove|lvremove)\b/i;

/** The disk, or the memory, that a command would write over, as the reason. */
export function overwrittenDevice(command: SimpleCommand): string | undefined {
  const device = [...writtenPaths(command)].find((path) => isRawDevice(resolvePath(path, command.folder) ?? path));
  if (device !== undefined) return `writes to the raw device "${show(device)}"`;
  const name = nameOf(command);
  const [, ...args] = command.fields;
  const { operands } = readOptions(args);
  const phrase = `${name} ${operands[0] ?? ''}`.trim();
  if (losing.test(phrase)) return `destroys what is on a disk with "${phrase}"`;
  // On which disk, only running would tell.
  return isFormatter(name) && operands.some(isUnknown) ? `makes or wipes a file system with "${name}"` : undefined;
}
