import { draft } from '../datagram-room.ts';
import type { Direction, EvidenceDraft, ParserContext, Protocol } from '../protocol.ts';
import { parseRtcp, type RtcpRecord } from '../rtcp/protocol.ts';
import { detectRtp } from './detect.ts';
import { isControlPacket, isMediaPacket, source } from './header.ts';
import { RtpStream } from './stream.ts';
import type { RtpStreamRecord } from './types.ts';

/** Sources of one flow that are counted; mixers and cameras have a few. */
const MAXIMUM_SOURCES = 16;
/** Fewer packets of a source are no stream but strays. */
const MINIMUM_PACKETS = 2;

type MediaContext = ParserContext<RtpStreamRecord | RtcpRecord>;

/** Sources of both ends of one flow. */
class Media {
  readonly #streams = { 'to-server': new Map<number, RtpStream>(), 'to-client': new Map<number, RtpStream>() };

  packet(bytes: Uint8Array, direction: Direction, context: MediaContext): void {
    if (isControlPacket(bytes)) {
      const report = parseRtcp(bytes);
      if (report !== undefined) context.emit(report, direction);
      return;
    }
    if (!isMediaPacket(bytes)) return;
    const streams = this.#streams[direction];
    const id = source(bytes);
    let stream = streams.get(id);
    if (stream === undefined) {
      if (streams.size >= MAXIMUM_SOURCES) return;
      stream = new RtpStream(id, direction === 'to-server' ? 'client' : 'server', context.expected?.media);
      streams.set(id, stream);
    }
    stream.packet(bytes, context.timeMicros?.());
  }

  end(context: MediaContext): void {
    for (const direction of ['to-server', 'to-client'] as const) {
      for (const stream of this.#streams[direction].values()) {
        const record = stream.record();
        if (record.packets >= MINIMUM_PACKETS) context.emit(record, direction);
      }
      this.#streams[direction].clear();
    }
  }
}

const sessions = new WeakMap<object, Media>();

export const rtp: Protocol<RtpStreamRecord | RtcpRecord> = {
  id: 'rtp',
  title: 'RTP',
  standards: [
    'RFC 3550 §5.1 (header), §6.4.1 (jitter), appendix A (loss)',
    'RFC 3551 §4.5, §6 (static payload types)',
    'RFC 3711 §3.1 (SRTP)',
    'RFC 4733 §2 (telephone events)',
    'RFC 5761 §4 (reports on the same port)',
  ],
  transports: ['udp'],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  firstBytes: Array.from({ length: 64 }, (_, index) => 0x80 + index),
  detect: detectRtp,
  fits: isMediaPacket,
  parseDatagram: (payload, direction, context) => {
    let media = sessions.get(context);
    if (media === undefined) {
      media = new Media();
      sessions.set(context, media);
    }
    media.packet(payload, direction, context);
  },
  flowEnded: (context) => sessions.get(context)?.end(context),
  evidence: (record): readonly EvidenceDraft[] => {
    if (record.protocol !== 'rtp') return [];
    const { codec, sentBy, isEncrypted } = record;
    return [
      ...draft('rtp.codec', codec, sentBy),
      ...(isEncrypted === undefined ? [] : draft('rtp.encrypted', String(isEncrypted), sentBy)),
    ];
  },
};
