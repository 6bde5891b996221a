import { ByteCollector } from '../bytes/byte-collector.ts';
import { hasText, littleWord32, word32 } from '../bytes/match.ts';
import type { Direction, ParserContext } from '../protocol.ts';

const TRANSPORT_BYTES = 4;
const MAXIMUM_COMPOUND = 16;
/** Of longer messages the beginning is shown. */
const MAXIMUM_BYTES = 1024 * 1024;
const NEXT_COMMAND = 20;
const SMB2 = 0xfe;

/** What frames are called, and how long the header is: MS-CIFS §2.2.3.1, MS-SMB2 §2.2.1, §2.2.41. */
const VERSIONS: Readonly<Record<number, readonly [name: string, headerBytes: number]>> = {
  255: ['smb1', 32],
  [SMB2]: ['smb2', 64],
  253: ['smb3', 52],
};

/**
 * Shows messages and their parts to rules on frames: with their transport (`nbss.…`), and each one of a compound by itself.
 * What is read of a long message is too little: the rest is gathered.
 */
export class SmbFrames {
  readonly #give: NonNullable<ParserContext['frame']>;
  readonly #begun = { 'to-server': new ByteCollector(MAXIMUM_BYTES), 'to-client': new ByteCollector(MAXIMUM_BYTES) };

  constructor(give: NonNullable<ParserContext['frame']>) {
    this.#give = give;
  }

  /** @param frame with the four bytes of the transport in front; of a long one, its beginning */
  message(frame: Uint8Array, direction: Direction): void {
    const begun = this.#begun[direction];
    begun.clear();
    if (frame.length >= lengthOf(frame)) this.#show(frame, direction);
    else begun.add(frame);
  }

  wantsRest(direction: Direction): boolean {
    return this.#begun[direction].length > 0;
  }

  rest(bytes: Uint8Array, direction: Direction): void {
    const begun = this.#begun[direction];
    if (begun.length === 0) return;
    begun.add(bytes);
    if (!begun.isFull && begun.length < lengthOf(begun.view())) return;
    this.#show(begun.view(), direction);
    begun.clear();
  }

  /** A message of which a part is missing is none. */
  lose(direction: Direction): void {
    this.#begun[direction].clear();
  }

  #show(frame: Uint8Array, direction: Direction): void {
    const give = this.#give;
    showParts('nbss', frame, TRANSPORT_BYTES, direction, give);
    let rest = frame.subarray(TRANSPORT_BYTES);
    for (let count = 0; count < MAXIMUM_COMPOUND && hasText(rest.subarray(1), 'SMB'); count++) {
      const [name, headerBytes] = VERSIONS[rest[0] ?? 0] ?? [];
      if (name === undefined || headerBytes === undefined || rest.length < headerBytes) return;
      const next = rest[0] === SMB2 ? littleWord32(rest, NEXT_COMMAND) : 0;
      const one = next < headerBytes ? rest : rest.subarray(0, next);
      showParts(name, one, headerBytes, direction, give);
      if (one.length >= rest.length) return;
      rest = rest.subarray(next);
    }
  }
}

function lengthOf(frame: Uint8Array): number {
  return TRANSPORT_BYTES + (word32(frame, 0) % 0x100_0000);
}

function showParts(
  name: string,
  message: Uint8Array,
  headerBytes: number,
  direction: Direction,
  give: NonNullable<ParserContext['frame']>,
): void {
  give(direction, `${name}.pdu`, message);
  give(direction, `${name}.hdr`, message.subarray(0, headerBytes));
  if (message.length > headerBytes) give(direction, `${name}.data`, message.subarray(headerBytes));
}
