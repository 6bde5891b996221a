import type { FileStore } from '../file-store.ts';
import type { Direction, TransactionView } from '../inspector.ts';
import type { FlowNotes } from './flow-notes.ts';

/** Files that wait to be taken; further ones are not asked for. */
const MAXIMUM_WANTED = 10_000;
/** Bits of `FlowNotes.wantedFiles`. */
const ALL = { 'to-server': 1, 'to-client': 2 } as const;
const NEXT = { 'to-server': 4, 'to-client': 8 } as const;
const DIRECTIONS = ['to-server', 'to-client'] as const;

/** Which files rules with `filestore` ask to keep, by what their views say of them. */
export class WantedFiles {
  #hashes = new Set<string>();

  /** A rule holds. @param view what it was looked at with, where that was one side of a transaction */
  ask(store: FileStore, notes: FlowNotes | undefined, direction: Direction, view: TransactionView | undefined): void {
    const wanted = store.direction ?? direction;
    for (const each of DIRECTIONS) {
      if (wanted !== 'both' && wanted !== each) continue;
      const isThere = each === direction && view !== undefined && this.#take(view);
      if (notes === undefined) continue;
      if (store.scope === 'flow') notes.wantedFiles |= ALL[each];
      else if (!isThere) notes.wantedFiles |= NEXT[each];
    }
  }

  /** One side of a transaction passes, on a flow on which files are asked for. */
  pass(notes: FlowNotes, direction: Direction, view: TransactionView): void {
    const isAsked = (notes.wantedFiles & (ALL[direction] | NEXT[direction])) !== 0;
    if (isAsked && this.#take(view)) notes.wantedFiles &= ~NEXT[direction];
  }

  /** @returns SHA-256 in hexadecimal of the files that were asked for since the last call */
  takeHashes(): ReadonlySet<string> {
    const hashes = this.#hashes;
    if (hashes.size > 0) this.#hashes = new Set();
    return hashes;
  }

  /** @returns whether there is a file in the view */
  #take({ buffers }: TransactionView): boolean {
    const hashes = buffers['file.sha256'] ?? [];
    for (const hash of hashes) {
      if (this.#hashes.size < MAXIMUM_WANTED) this.#hashes.add(Buffer.from(hash).toString('latin1'));
    }
    return hashes.length > 0;
  }
}
