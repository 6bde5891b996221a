import type { FileSink, FileTransfer } from '../files/types.ts';
import type { Direction } from '../protocol.ts';
import type { CommandSet } from './command-set.ts';
import { sopClassName, transferSyntaxName } from './uids.ts';

/** One for each context is open at most where the sender keeps to the standard, and it uses few at a time. */
const MAXIMUM_OPEN = 16;

/** Data sets of C-STORE (PS3.7 §9.1.1) as files: clinical content, known by its hashes, SOP class and transfer syntax only. */
export class ObjectFiles {
  readonly #sink: FileSink;
  /** By the request that brings them: messages of several contexts may come in turn. */
  readonly #open = new Map<CommandSet, { readonly direction: Direction; readonly file: FileTransfer }>();

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  /** @returns false where the data set is no stored object */
  write(command: CommandSet, direction: Direction, transferSyntax: string, bytes: Uint8Array): boolean {
    if (command.operation !== 'C-STORE' || command.isResponse) return false;
    const known = this.#open.get(command)?.file;
    const file = known ?? this.#begin(command, direction, transferSyntax);
    if (file === undefined) return false;
    if (known === undefined) this.#follow(command, direction, file);
    file.write(bytes);
    return true;
  }

  #follow(command: CommandSet, direction: Direction, file: FileTransfer): void {
    this.#open.set(command, { direction, file });
    if (this.#open.size <= MAXIMUM_OPEN) return;
    for (const [oldest, open] of this.#open) {
      open.file.end(false);
      this.#open.delete(oldest);
      return;
    }
  }

  #begin(command: CommandSet, direction: Direction, transferSyntax: string): FileTransfer | undefined {
    return this.#sink.begin({
      direction,
      name: '',
      declaredType: 'application/dicom',
      isClinical: true,
      knownType: 'dicom-data-set',
      details: { sopClass: sopClassName(command.sopClass), transferSyntax: transferSyntaxName(transferSyntax) },
    });
  }

  /** Bytes were lost within a data set of this direction. */
  gap(direction: Direction, length: number): void {
    for (const open of this.#open.values()) if (open.direction === direction) open.file.gap(length);
  }

  /** No data set of this direction that is open will be whole. */
  lost(direction: Direction): void {
    for (const [command, open] of this.#open) {
      if (open.direction !== direction) continue;
      open.file.end(false);
      this.#open.delete(command);
    }
  }

  /** The data set of a request has passed whole. */
  complete(command: CommandSet): void {
    this.#open.get(command)?.file.end(true);
    this.#open.delete(command);
  }

  end(): void {
    for (const { file } of this.#open.values()) file.end(false);
    this.#open.clear();
  }
}
