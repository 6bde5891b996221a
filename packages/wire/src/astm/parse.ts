import { ByteCollector } from '../bytes/byte-collector.ts';
import { latin1 } from '../bytes/text.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { readAstm } from './message.ts';
import type { AstmMessage } from './types.ts';

const STX = 0x02;
const ETX = 0x03;
const EOT = 0x04;
const ENQ = 0x05;
const NAK = 0x15;
const ETB = 0x17;
/** Records that are kept while a message is read: the header comes first. */
const MAXIMUM_KEPT_BYTES = 64 * 1024;
const MICROS_PER_MS = 1000;
const CHECKSUM_CHARACTERS = 2;

/** What one end has sent of its message. */
class Sender {
  readonly text = new ByteCollector(MAXIMUM_KEPT_BYTES);
  /** In a frame, its number still to come, or between frames. */
  state: 'idle' | 'number' | 'text' | 'checksum' = 'idle';
  /** Of the frame at hand, from its number to its end (E1381 §6.3.3); the characters of its checksum as they come. */
  sum = 0;
  checksum = '';
  bidMicros: number | undefined;
  frames = 0;
  refusedFrames = 0;
  badChecksums = 0;
  bytes = 0;

  begin(bidMicros: number | undefined): void {
    this.text.clear();
    this.state = 'idle';
    this.bidMicros = bidMicros;
    this.frames = this.refusedFrames = this.badChecksums = this.bytes = 0;
  }
}

/**
 * ASTM E1381-95 (CLSI LIS1-A) frames, with the records of E1394-97 (LIS2-A2) in them. A frame that was refused comes again:
 * its text is there twice then, of which the kinds of records tell the same.
 */
export class AstmParser implements StreamParser {
  readonly #context: ParserContext<AstmMessage>;
  readonly #senders: Readonly<Record<Direction, Sender>> = { 'to-server': new Sender(), 'to-client': new Sender() };

  constructor(context: ParserContext<AstmMessage>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const sender = this.#senders[direction];
    for (let offset = 0; offset < bytes.length; ) {
      if (sender.state === 'text') offset = this.#frameText(sender, bytes, offset);
      else {
        this.#control(sender, bytes[offset] ?? 0, direction);
        offset += 1;
      }
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#senders[direction].begin(undefined);
    return 'continue';
  }

  end(): void {
    for (const direction of ['to-server', 'to-client'] as const)
      this.#finish(this.#senders[direction], direction, false);
  }

  #control(sender: Sender, byte: number, direction: Direction): void {
    if (sender.state === 'number') {
      sender.state = 'text';
      sender.sum = byte;
      return;
    }
    if (sender.state === 'checksum' && isHexadecimal(byte)) {
      sender.checksum += String.fromCharCode(byte);
      if (sender.checksum.length < CHECKSUM_CHARACTERS) return;
      if (Number.parseInt(sender.checksum, 16) !== (sender.sum & 0xff)) sender.badChecksums += 1;
      sender.state = 'idle';
      return;
    }
    sender.state = 'idle';
    if (byte === STX) sender.state = 'number';
    else if (byte === ENQ) sender.begin(this.#context.timeMicros?.());
    else if (byte === EOT) this.#finish(sender, direction, true);
    else if (byte === NAK) this.#senders[direction === 'to-server' ? 'to-client' : 'to-server'].refusedFrames += 1;
  }

  /** @returns offset behind the text of the frame, as far as it has come */
  #frameText(sender: Sender, bytes: Uint8Array, start: number): number {
    const end = bytes.subarray(start).findIndex((byte) => byte === ETX || byte === ETB);
    const stop = end < 0 ? bytes.length : start + end;
    sender.text.add(bytes.subarray(start, stop));
    sender.bytes += stop - start;
    for (let at = start; at < Math.min(stop + 1, bytes.length); at++) sender.sum += bytes[at] ?? 0;
    if (end < 0) return stop;
    sender.frames += 1;
    sender.state = 'checksum';
    sender.checksum = '';
    return stop + 1;
  }

  #finish(sender: Sender, direction: Direction, isReleased: boolean): void {
    const header = sender.frames === 0 ? undefined : readAstm(latin1(sender.text.view()));
    const { frames, refusedFrames, badChecksums, bytes, bidMicros } = sender;
    const now = isReleased ? this.#context.timeMicros?.() : undefined;
    const durationMs = now === undefined || bidMicros === undefined ? undefined : (now - bidMicros) / MICROS_PER_MS;
    sender.begin(undefined);
    if (header === undefined) return;
    const sentBy = direction === 'to-server' ? 'client' : 'server';
    const message = {
      protocol: 'astm',
      activity: 'message',
      ...header,
      frames,
      refusedFrames,
      badChecksums,
      bytes,
      sentBy,
    } as const;
    this.#context.emit({ ...message, durationMs }, direction);
  }
}

function isHexadecimal(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
