/** What one server may make us hold or show, whatever it sends. */

/** Of one message, over either transport. */
export const mostMessageBytes = 8 * 1024 * 1024;
/** Of a server's list of tools. */
export const mostPages = 100;
export const mostTools = 500;
/** Of one tool's name, description and schema, as JSON. */
export const mostDefinitionBytes = 64 * 1024;
/** Of one piece of progress. */
export const mostProgressCharacters = 1_000;
/** Of one call; what comes beyond is not shown. */
export const mostProgressPieces = 1_000;
/** Between two pieces of progress, and between two looks at a list that keeps changing. */
export const progressPauseMs = 100;
export const refreshPauseMs = 1_000;
