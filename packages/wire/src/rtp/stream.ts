// Hot path of calls: one object for each source, no allocation for a packet.
import { payloadOffset, payloadType, sequenceNumber, timestamp } from './header.ts';
import { staticCodec } from './payload-types.ts';
import type { Codec, MediaDescription, RtpStreamRecord } from './types.ts';

/** RFC 3550 appendix A.1. */
const MAXIMUM_DROPOUT = 3000;
const MAXIMUM_MISORDER = 100;
const SEQUENCE_NUMBERS = 65_536;
const FIRST_DYNAMIC_TYPE = 96;
const TELEPHONE_EVENT = 'telephone-event';
/** RFC 4733 §2.3. */
const TELEPHONE_EVENT_BYTES = 4;
const MICROS_PER_MS = 1000;
const MICROS_PER_SECOND = 1_000_000;

/** Counts the packets of one source as a receiver does (RFC 3550 §6.4.1, appendix A). */
export class RtpStream {
  readonly #source: number;
  readonly #sentBy: 'client' | 'server';
  readonly #media: MediaDescription | undefined;
  #payloadType = -1;
  #codec: Codec | undefined;
  #packets = 0;
  #bytes = 0;
  /** First number, highest number, and how often it went round. */
  #base = 0;
  #highest = 0;
  #cycles = 0;
  /** Number that would prove that the source began anew; −1 for none. */
  #restart = -1;
  /** Packets lost before it began anew, and packets received since. */
  #lostBefore = 0;
  #received = 0;
  #outOfOrder = 0;
  #duplicates = 0;
  #jitterTicks = 0;
  #transitTicks = Number.NaN;
  #firstMicros: number | undefined;
  #lastMicros: number | undefined;
  #telephoneEvents = 0;
  #eventTimestamp = -1;

  constructor(source: number, sentBy: 'client' | 'server', media: MediaDescription | undefined) {
    this.#source = source;
    this.#sentBy = sentBy;
    this.#media = media;
  }

  /** @param nowMicros time of arrival; undefined where nobody keeps time */
  packet(bytes: Uint8Array, nowMicros: number | undefined): void {
    const type = payloadType(bytes);
    const start = payloadOffset(bytes);
    this.#packets += 1;
    this.#bytes += bytes.length - start;
    this.#firstMicros ??= nowMicros;
    this.#lastMicros = nowMicros;
    this.#count(sequenceNumber(bytes));
    if (this.#isTelephoneEvent(type, bytes.length - start)) {
      // All packets of one event have the time at which it began (RFC 4733 §2.2.2).
      if (timestamp(bytes) !== this.#eventTimestamp) this.#telephoneEvents += 1;
      this.#eventTimestamp = timestamp(bytes);
      return;
    }
    if (type !== this.#payloadType) this.#turnTo(type);
    if (nowMicros !== undefined && this.#codec !== undefined) this.#measure(timestamp(bytes), nowMicros);
  }

  record(): RtpStreamRecord {
    const known = staticCodec(this.#payloadType);
    const clockRate = this.#codec?.clockRate ?? 0;
    const [first, last] = [this.#firstMicros, this.#lastMicros];
    const isTimed = first !== undefined && last !== undefined;
    return {
      protocol: 'rtp',
      activity: 'stream',
      source: this.#source.toString(16).padStart(8, '0'),
      sentBy: this.#sentBy,
      kind: this.#media?.kind ?? known?.kind ?? '',
      payloadType: this.#payloadType,
      codec: this.#codec?.name ?? '',
      isAnnounced: this.#media !== undefined,
      isEncrypted: this.#media?.isEncrypted,
      packets: this.#packets,
      bytes: this.#bytes,
      lost: this.#lostBefore + this.#lostNow(),
      outOfOrder: this.#outOfOrder,
      duplicates: this.#duplicates,
      jitterMs: isTimed && clockRate > 0 ? (this.#jitterTicks * 1000) / clockRate : undefined,
      durationMs: isTimed ? Math.max(0, (last - first) / MICROS_PER_MS) : undefined,
      telephoneEvents: this.#telephoneEvents,
    };
  }

  #isTelephoneEvent(type: number, length: number): boolean {
    const announced = this.#media?.codecs.get(type);
    if (announced !== undefined) return announced.name.toLowerCase() === TELEPHONE_EVENT;
    // Beside audio of another type, nothing else is as short.
    const isOther = type >= FIRST_DYNAMIC_TYPE && this.#payloadType !== -1 && type !== this.#payloadType;
    return isOther && length === TELEPHONE_EVENT_BYTES;
  }

  #turnTo(type: number): void {
    const codec = this.#media?.codecs.get(type) ?? staticCodec(type);
    // Comfort noise stands between the words and changes nothing (RFC 3389).
    if (codec?.name.toUpperCase() === 'CN' && this.#payloadType !== -1) return;
    this.#payloadType = type;
    this.#codec = codec;
    this.#transitTicks = Number.NaN;
  }

  /** RFC 3550 appendix A.1: what is far off may be a stray packet, unless the next one follows it. */
  #count(number: number): void {
    if (this.#packets === 1) {
      this.#begin(number);
      return;
    }
    const step = (number - this.#highest) & 0xffff;
    if (step === 0) {
      this.#duplicates += 1;
      return;
    }
    if (step < MAXIMUM_DROPOUT) {
      if (number < this.#highest) this.#cycles += SEQUENCE_NUMBERS;
      this.#highest = number;
      this.#received += 1;
    } else if (step > SEQUENCE_NUMBERS - MAXIMUM_MISORDER) {
      this.#outOfOrder += 1;
      this.#received += 1;
    } else if (number === this.#restart) {
      this.#lostBefore += this.#lostNow();
      this.#begin(number);
      this.#received = 2;
      this.#base = (number - 1) & 0xffff;
      if (this.#base > number) this.#cycles = SEQUENCE_NUMBERS;
    } else this.#restart = (number + 1) & 0xffff;
  }

  #begin(number: number): void {
    this.#base = number;
    this.#highest = number;
    this.#cycles = 0;
    this.#received = 1;
    this.#restart = -1;
  }

  #lostNow(): number {
    return Math.max(0, this.#cycles + this.#highest - this.#base + 1 - this.#received);
  }

  /** RFC 3550 §6.4.1: a sixteenth of each change of the transit time. */
  #measure(stamp: number, nowMicros: number): void {
    const { clockRate = 0 } = this.#codec ?? {};
    if (clockRate === 0) return;
    const transit = (nowMicros / MICROS_PER_SECOND) * clockRate - stamp;
    if (!Number.isNaN(this.#transitTicks)) {
      const change = Math.abs(transit - this.#transitTicks);
      // The clock went round, or the source began its time anew.
      if (change < clockRate * 60) this.#jitterTicks += (change - this.#jitterTicks) / 16;
    }
    this.#transitTicks = transit;
  }
}
