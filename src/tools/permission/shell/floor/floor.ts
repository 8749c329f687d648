import { nameOf, type SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import { destroyedFolder } from './destroyed-folder.ts';
import { overwrittenDevice } from './overwritten-device.ts';
import { stoppedMachine } from './stopped-machine.ts';

/** What nothing overrides: why no mode and no rule lets this command run, if so. */
export function floorOf(command: SimpleCommand, workspace: Field): string | undefined {
  return (
    destroyedFolder(command, workspace) ??
    overwrittenDevice(command) ??
    stoppedMachine(command) ??
    (isForkingProgram(command) ? 'starts processes without end' : undefined)
  );
}

/** Fork bombs of one line in other languages. */
function isForkingProgram(command: SimpleCommand): boolean {
  if (!/^(perl|python|ruby|node|php)[\d.]*$/.test(nameOf(command))) return false;
  const endless =
    /fork(\(\))?\s{1,3}while\s{1,3}(os\.)?fork|(while|loop)\s{0,3}\(?(true|1)?\)?\s{0,3}[:{]?\s{0,3}(do\s{1,3})?(os\.)?fork/i;
  return command.fields.slice(1).some((field) => endless.test(field));
}
