import { nameOf, type SimpleCommand } from '../command.ts';
import { isCut, type Field } from '../field.ts';
import { destroyedFolder } from './destroyed-folder.ts';
import { isFormatter } from './disk-tools.ts';
import { overwrittenDevice } from './overwritten-device.ts';
import { stoppedMachine } from './stopped-machine.ts';

/** What nothing overrides: why no mode and no rule lets this command run, if so. */
export function floorOf(command: SimpleCommand, workspace: Field): string | undefined {
  return (
    destroyedFolder(command, workspace) ??
    overwrittenDevice(command) ??
    stoppedMachine(command) ??
    (isForkingProgram(command) ? 'starts processes without end' : undefined) ??
    hiddenAmongMany(command)
  );
}

/** Programs that may be on the floor, and those that open what they are told to. */
const heavy =
  /^(s?rm|find|mv|cp|install|rsync|ch(mod|own|grp|attr)|setfacl|tee|shred|truncate|(g|dc|dcfl)?dd|ddrescue|[cs]?g?fdisk|parted|mdadm|hdparm|badblocks|kill|systemctl|init|telinit)$/;

/** One of more arguments, programs or files than are looked at: what destroys may be among them. */
function hiddenAmongMany({ fields, redirects }: SimpleCommand): string | undefined {
  const [program = ''] = fields;
  if (isCut(program)) return 'runs one of more programs than can be looked at';
  const name = nameOf({ fields });
  const isHeavy = (heavy.test(name) || isFormatter(name)) && fields.some(isCut);
  return isHeavy || redirects.some(({ operator, target }) => operator.includes('>') && isCut(target))
    ? 'names more files to change than can be looked at'
    : undefined;
}

/** Fork bombs of one line in other languages. */
function isForkingProgram(command: SimpleCommand): boolean {
  if (!/^(perl|python|ruby|node|php)[\d.]*$/.test(nameOf(command))) return false;
  const endless =
    /fork(\(\))?\s{1,3}while\s{1,3}(os\.)?fork|(while|loop)\s{0,3}\(?(true|1)?\)?\s{0,3}[:{]?\s{0,3}(do\s{1,3})?(os\.)?fork/i;
  return command.fields.slice(1).some((field) => endless.test(field));
}
