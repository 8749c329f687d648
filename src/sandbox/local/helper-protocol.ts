import type { WorkspaceFiles } from '../workspace-files.ts';

/** The file operations, as the process that asks for them and the helper that does them pass them between each other. */
export type FileOperation = keyof WorkspaceFiles;

/** What the helper is told first. */
export interface HelperSetup {
  readonly workspace: string;
  readonly mountPaths: readonly string[];
  /** Whom it becomes before it does anything else. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface FileRequest {
  readonly id: number;
  readonly operation: FileOperation;
  readonly args: readonly unknown[];
}

export type FileAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly message: string; readonly path?: string } };
