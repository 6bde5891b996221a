import { word16 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import type { FileTransfer } from '../files/types.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';

const DATA = 3;
const OPTIONS_ACKNOWLEDGED = 6;
const HEADER_BYTES = 4;
const USUAL_BLOCK_BYTES = 512;
const BLOCKS = 0x1_0000;
/** A block that far ahead is one that comes again. */
const MAXIMUM_JUMP = 1024;

/** The blocks of one file (RFC 1350 §4, §5), which end with a short one. */
export class TftpTransfer {
  readonly #context: ParserContext<ProtocolRecord>;
  readonly #name: string;
  #file: FileTransfer | undefined;
  #blockBytes = USUAL_BLOCK_BYTES;
  #lastBlock = 0;
  #hasEnded = false;

  constructor(context: ParserContext<ProtocolRecord>, name: string) {
    this.#context = context;
    this.#name = name;
  }

  /** @returns the transfer that was agreed on for this flow */
  static expected(context: ParserContext<ProtocolRecord>): TftpTransfer | undefined {
    return context.expected === undefined ? undefined : new TftpTransfer(context, context.expected.name);
  }

  datagram(payload: Uint8Array, direction: Direction): void {
    const operation = word16(payload, 0);
    if (operation === OPTIONS_ACKNOWLEDGED) this.#takeOptions(latin1(payload, 2));
    if (operation !== DATA || payload.length < HEADER_BYTES || this.#hasEnded) return;
    const jump = (word16(payload, 2) - this.#lastBlock + BLOCKS) % BLOCKS;
    if (jump === 0 || jump > MAXIMUM_JUMP) return;
    this.#file ??= this.#context.files?.begin({ direction, name: this.#name, declaredType: '' });
    if (jump > 1) this.#file?.gap((jump - 1) * this.#blockBytes);
    this.#lastBlock = word16(payload, 2);
    this.#file?.write(payload.subarray(HEADER_BYTES));
    if (payload.length - HEADER_BYTES >= this.#blockBytes) return;
    this.#hasEnded = true;
    this.#file?.end(true);
  }

  end(): void {
    this.#file?.end(false);
  }

  /** RFC 2348. */
  #takeOptions(text: string): void {
    const bytes = Number(/(?:^|\0)blksize\0(\d{1,5})\0/i.exec(text)?.[1] ?? USUAL_BLOCK_BYTES);
    if (bytes >= 8 && bytes <= 65_464) this.#blockBytes = bytes;
  }
}
