import { isArguments, type CompactPiece, type Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';

/** About how many bytes of memory an entry takes once it is folded. */
export function weightOf(entry: Entry): number {
  switch (entry.type) {
    case 'message':
    case 'settled':
      return 400 + textLength(entry.message.content);
    case 'pieces': {
      let weight = 0;
      for (const piece of entry.pieces) weight += weightOfPiece(piece);
      return weight;
    }
    case 'state':
      return JSON.stringify(entry.value)?.length ?? 0;
    case 'confirmation_requested':
      return 400 + (JSON.stringify(entry.arguments)?.length ?? 0);
    default:
      return 100;
  }
}

/** The same of all the words of a session. */
export function weightOfLedger({ whole }: Ledger): number {
  return whole.reduce((sum, { message }) => sum + 400 + textLength(message.content), 0);
}

function weightOfPiece(piece: CompactPiece): number {
  if (typeof piece === 'string') return piece.length;
  if (isArguments(piece)) return piece[1].length;
  return 100 + (piece.content?.length ?? 0) + (piece.reasoning_content?.length ?? 0);
}

/** Twice: the ledger holds the text, and the view renders it. */
function textLength(content: unknown): number {
  return typeof content === 'string' ? content.length * 2 : 1_000;
}
