import { HeldContent } from './content-budget.ts';
import { decodeContent } from './content-coding.ts';
import type { FileExtractor } from './file-extractor.ts';
import { FileHashes } from './file-hashes.ts';
import { extensionOf, maskFileName } from './file-name.ts';
import { type IdentifiedType, TYPE_HEAD_BYTES } from './file-type.ts';
import type { FileFlow } from './flow-files.ts';
import type { FileEnding, FileRecord, FileStart, FileTransfer } from './types.ts';

/** What rules may look at of a file; Suricata's default. */
const VIEW_BYTES = 100 * 1024;

/** Told when a file ended. @param head its first bytes, `VIEW_BYTES` at most */
type FileEnd = (record: FileRecord, head: Uint8Array) => void;

/** A file on its way: hashed as it comes, its start held for telling its type, the rest where it is wanted. */
export class OpenFile implements FileTransfer {
  readonly #extractor: FileExtractor;
  readonly #flow: FileFlow;
  readonly #start: FileStart & { readonly id: string; readonly startMicros: number };
  readonly #ended: FileEnd;
  readonly #hashes: FileHashes;
  readonly #content: HeldContent;
  /** What is coded is held until its end, and decoded at once. */
  readonly #coded: HeldContent | undefined;
  /** The content is to be handed over with the record. */
  readonly #isContentWanted: boolean;
  #sizeBytes = 0;
  #lostBytes = 0;
  #isCut = false;
  #record: FileRecord | undefined;

  constructor(
    extractor: FileExtractor,
    flow: FileFlow,
    start: FileStart & { readonly id: string; readonly startMicros: number },
    ended: FileEnd,
  ) {
    this.#extractor = extractor;
    this.#flow = flow;
    this.#start = start;
    this.#ended = ended;
    const { budget, limits, options } = extractor;
    // What is clinical by what a sender declares may be anything.
    const isClinical = start.isClinical === true && start.knownType !== undefined;
    const hashes = isClinical ? (options.clinicalHashes ?? 'all') : 'all';
    this.#hashes = new FileHashes(hashes);
    this.#isContentWanted = options.givesContent && start.isClinical !== true;
    const seenBytes = flow.inspect === undefined ? TYPE_HEAD_BYTES : VIEW_BYTES;
    this.#content = new HeldContent(budget, this.#isContentWanted ? limits.contentBytes : seenBytes);
    const isCoded = start.codings?.some((name) => name.trim().toLowerCase() !== 'identity') === true;
    this.#coded = isCoded ? new HeldContent(budget, limits.contentBytes) : undefined;
  }

  write(bytes: Uint8Array): void {
    if (this.#record !== undefined) return;
    if (this.#coded === undefined) this.#take(bytes);
    // What follows a gap, or what was not held, cannot be decompressed.
    else if (this.#lostBytes === 0 && !this.#isCut) this.#isCut = !this.#coded.add(bytes);
  }

  gap(length: number): void {
    this.#lostBytes += length;
  }

  end(ending: FileEnding): FileRecord {
    if (this.#record !== undefined) return this.#record;
    this.#decode();
    const head = this.#content.view();
    const isWhole = ending === 'closed' ? this.#flow.isClosed(this.#start.direction) : ending;
    const record = this.#describe(isWhole && this.#lostBytes === 0 && !this.#isCut, head);
    this.#record = record;
    const isTaken = this.#extractor.ended(record);
    this.#ended(record, head.subarray(0, VIEW_BYTES));
    // What waits with its record is given back when that is taken.
    if (!isTaken || record.content === undefined) this.#content.release();
    return record;
  }

  #take(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    const isHeld = this.#content.add(bytes);
    this.#hashes.add(bytes, this.#content, isHeld);
    if (!isHeld && this.#isContentWanted) this.#extractor.budget.shedBytes += bytes.length;
  }

  #decode(): void {
    const coded = this.#coded;
    if (coded === undefined || coded.length === 0) return;
    const { buffer, byteOffset, length } = coded.view();
    const codings = this.#start.codings?.join(',') ?? '';
    const decoded = decodeContent(
      Buffer.from(buffer, byteOffset, length),
      codings,
      this.#extractor.limits.contentBytes,
    );
    this.#isCut ||= decoded.isCut;
    this.#take(decoded.bytes);
    coded.release();
  }

  #describe(isWhole: boolean, head: Uint8Array): FileRecord {
    const { id, startMicros, direction, name, isNamedByAddress, declaredType, details = {} } = this.#start;
    const { types, options } = this.#extractor;
    const flow = this.#flow;
    const type = types.identify(head, this.#start.knownType);
    const extension = extensionOf(name);
    return {
      id,
      flow: flow.reference,
      direction,
      protocol: flow.protocol,
      name: maskFileName(name, options.names, types.isProgramName(extension)),
      ...(isNamedByAddress === true ? { isNamedByAddress } : {}),
      extension,
      declaredType,
      ...typeFields(type),
      isMismatch: types.isMismatch(type, declaredType, extension),
      isClinical: this.#start.isClinical === true || type.isClinical,
      sizeBytes: this.#sizeBytes,
      ...this.#hashes.end(this.#content),
      isWhole,
      lostBytes: this.#lostBytes,
      details,
      startMicros,
      endMicros: flow.nowMicros,
      packetNumber: flow.packetNumber,
      ...(this.#isContentWanted && head.length > 0 ? { content: head.slice() } : {}),
    };
  }
}

function typeFields({ id, description, mediaType, category }: IdentifiedType) {
  return { type: id, typeDescription: description, mediaType, category };
}
