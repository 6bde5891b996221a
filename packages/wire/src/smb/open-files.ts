import { baseName } from '../files/file-name.ts';
import { PlacedFile } from '../files/placed-file.ts';
import type { FileSink } from '../files/types.ts';
import type { Direction } from '../protocol.ts';

const MAXIMUM_HANDLES = 256;
const MAXIMUM_REQUESTS = 512;

/** A file that a client has open. */
export class OpenHandle {
  readonly name: string;
  /** Bytes of the file when it was opened. */
  sizeBytes: number | undefined;
  readonly placed: Partial<Record<Direction, PlacedFile>> = {};
  /** Some of what was read or written may not have been seen. */
  isTorn = false;

  constructor(name: string) {
    this.name = name;
  }
}

/** Data of a read or a write that goes on behind what is read of its message. */
interface Rest {
  readonly file: PlacedFile;
  offset: number;
  remaining: number;
}

/** What reads, writes and closes of SMB, of any version, carry: files by their handles. */
export class OpenFiles {
  readonly #sink: FileSink;
  readonly #handles = new Map<string, OpenHandle>();
  readonly #opening = new Map<string, OpenHandle>();
  readonly #reading = new Map<string, { readonly handle: OpenHandle; readonly offset: number }>();
  readonly #rest: Partial<Record<Direction, Rest>> = {};
  #hasLost = false;
  /** The handle that a chained request refers to before it is known (MS-SMB2 §3.2.4.1.4). */
  latest: OpenHandle | undefined;

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  open(request: string, path: string): void {
    const handle = new OpenHandle(baseName(path));
    this.latest = handle;
    remember(this.#opening, request, handle, MAXIMUM_REQUESTS);
  }

  /** @param id of the handle; undefined where the open was refused */
  opened(request: string, id: string | undefined, sizeBytes: number): void {
    const handle = this.#opening.get(request);
    this.#opening.delete(request);
    if (handle === undefined || id === undefined) return;
    handle.sizeBytes = sizeBytes;
    const given = remember(this.#handles, id, handle, MAXIMUM_HANDLES);
    if (given !== undefined) endHandle(given, false);
  }

  /** @returns the open file; one whose opening was not seen has no name */
  handle(id: string): OpenHandle {
    const known = this.#handles.get(id);
    if (known !== undefined) return known;
    const handle = new OpenHandle('');
    handle.isTorn = this.#hasLost;
    const given = remember(this.#handles, id, handle, MAXIMUM_HANDLES);
    if (given !== undefined) endHandle(given, false);
    return handle;
  }

  read(request: string, handle: OpenHandle, offset: number): void {
    remember(this.#reading, request, { handle, offset }, MAXIMUM_REQUESTS);
  }

  /** @param length of the data in all, of which `bytes` is what was read of the message */
  answered(request: string, bytes: Uint8Array, length: number): void {
    const reading = this.#reading.get(request);
    this.#reading.delete(request);
    if (reading !== undefined && length > 0) this.#place('to-client', reading.handle, reading.offset, bytes, length);
  }

  written(handle: OpenHandle, offset: number, bytes: Uint8Array, length: number): void {
    if (length > 0) this.#place('to-server', handle, offset, bytes, length);
  }

  close(id: string): void {
    const handle = this.#handles.get(id);
    if (handle === undefined) return;
    this.#handles.delete(id);
    endHandle(handle, true);
  }

  wantsRest(direction: Direction): boolean {
    return this.#rest[direction] !== undefined;
  }

  rest(bytes: Uint8Array, direction: Direction): void {
    const rest = this.#rest[direction];
    if (rest === undefined) return;
    rest.file.place(rest.offset, bytes.subarray(0, rest.remaining));
    this.#move(rest, bytes.length, direction);
  }

  lostRest(length: number, direction: Direction): void {
    const rest = this.#rest[direction];
    if (rest !== undefined) this.#move(rest, length, direction);
  }

  /** Messages were lost: nobody knows to which of the open files they belonged. */
  lost(): void {
    this.#hasLost = true;
    for (const handle of [...this.#handles.values(), ...this.#opening.values()]) handle.isTorn = true;
  }

  end(): void {
    for (const handle of new Set([...this.#handles.values(), ...this.#opening.values()])) endHandle(handle, false);
    this.#handles.clear();
    this.#opening.clear();
  }

  #place(direction: Direction, handle: OpenHandle, offset: number, bytes: Uint8Array, length: number): void {
    let file = handle.placed[direction];
    if (file === undefined) {
      const transfer = this.#sink.begin({ direction, name: handle.name, declaredType: '' });
      if (transfer === undefined) return;
      file = new PlacedFile(transfer, this.#sink);
      handle.placed[direction] = file;
    }
    file.place(offset, bytes);
    const remaining = length - bytes.length;
    if (remaining > 0) this.#rest[direction] = { file, offset: offset + bytes.length, remaining };
    else delete this.#rest[direction];
  }

  #move(rest: Rest, length: number, direction: Direction): void {
    rest.offset += length;
    rest.remaining -= length;
    if (rest.remaining <= 0) delete this.#rest[direction];
  }
}

function endHandle({ placed, sizeBytes, isTorn }: OpenHandle, isClosed: boolean): void {
  placed['to-server']?.end(isClosed && !isTorn);
  // What was read is whole where it fills the size that the file had.
  placed['to-client']?.end(!isTorn || sizeBytes !== undefined, sizeBytes);
}

/** @returns what gave way to it */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, maximum: number): Value | undefined {
  map.set(key, value);
  if (map.size <= maximum) return undefined;
  const [oldest] = map;
  if (oldest === undefined) return undefined;
  map.delete(oldest[0]);
  return oldest[1];
}
