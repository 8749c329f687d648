import type { Tool } from '../tool.ts';
import { applyPatch } from './apply-patch/apply-patch.ts';
import { awaitShell } from './await-shell.ts';
import { executeShellCommand } from './execute-shell-command.ts';
import { fetchWebpages } from './fetch-webpages/fetch-webpages.ts';
import { fileRead } from './file-read.ts';
import { fileUpdate } from './file-update.ts';
import { fileWrite } from './file-write.ts';
import { glob } from './glob.ts';
import { grep } from './grep.ts';
import { killShell } from './kill-shell.ts';
import { listDir } from './list-dir.ts';
import { todoRead, todoWrite } from './todo.ts';

/** The tools that work in a sandbox, its shell and its files, the todo list, and public web pages. A new array each time, to add to or take from. */
export function builtinTools(): Tool[] {
  const shell = [executeShellCommand, awaitShell, killShell];
  const files = [fileRead, fileWrite, fileUpdate, applyPatch, listDir, glob, grep];
  return [...shell, ...files, todoWrite, todoRead, fetchWebpages];
}
