import type { Tool } from '../tool.ts';
import { executeShellCommand } from './execute-shell-command.ts';
import { fileRead } from './file-read.ts';
import { fileWrite } from './file-write.ts';
import { listDir } from './list-dir.ts';

/** The tools that work in a sandbox: its shell and its files. A new array each time, to add to or take from. */
export function builtinTools(): Tool[] {
  return [executeShellCommand, fileRead, fileWrite, listDir];
}
