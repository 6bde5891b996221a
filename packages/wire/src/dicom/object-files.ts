import type { FileSink, FileTransfer } from '../files/types.ts';
import type { Direction } from '../protocol.ts';
import type { CommandSet } from './command-set.ts';
import { sopClassName, transferSyntaxName } from './uids.ts';

/** Data sets of C-STORE (PS3.7 §9.1.1) as files: clinical content, known by its hashes, SOP class and transfer syntax only. */
export class ObjectFiles {
  readonly #sink: FileSink;
  readonly #open: Partial<Record<Direction, FileTransfer>> = {};

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  /** @returns false where the data set is no stored object */
  write(command: CommandSet, direction: Direction, transferSyntax: string, bytes: Uint8Array): boolean {
    if (command.operation !== 'C-STORE' || command.isResponse) return false;
    const file = this.#open[direction] ?? this.#begin(command, direction, transferSyntax);
    if (file === undefined) return false;
    this.#open[direction] = file;
    file.write(bytes);
    return true;
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

  /** Bytes were lost within the data set at hand. */
  gap(direction: Direction, length: number): void {
    this.#open[direction]?.gap(length);
  }

  /** The data set at hand has passed whole. */
  complete(direction: Direction): void {
    this.#open[direction]?.end(true);
    delete this.#open[direction];
  }

  end(): void {
    this.#open['to-server']?.end(false);
    this.#open['to-client']?.end(false);
  }
}
