import { readFileSync } from 'node:fs';
import { CaptureReader } from '../capture/capture-reader.ts';
import { parseTcp, parseUdp, TransportHeader } from '../flow/transport-header.ts';
import { IpPacket, PROTOCOL_TCP, PROTOCOL_UDP, parseIpv4 } from '../ip/ip-packet.ts';
import { ETHERTYPE_IPV4, LinkFrame, parseLink } from '../link/link-layer.ts';
import type { Turn } from './play.ts';

const SYN = 2;
const ACK = 16;
/** Enough for a protocol to show itself, little enough for a test to damage it hundreds of times. */
const MAXIMUM_TURNS = 8;
const MAXIMUM_TURN_BYTES = 1500;

/** What a capture holds of real traffic, for tests: datagrams, conversations in order, and frames that carry no IP. */
export interface RecordedMessages {
  readonly datagrams: readonly { readonly ports: readonly number[]; readonly payload: Uint8Array }[];
  readonly conversations: readonly { readonly serverPort: number; readonly turns: readonly Turn[] }[];
  readonly frames: readonly { readonly etherType: number; readonly payload: Uint8Array }[];
}

/** Reads a capture file; segments are taken as they come, as recorded laboratory traffic loses none. */
export function readRecordedMessages(file: string): RecordedMessages {
  const frame = new LinkFrame();
  const ip = new IpPacket();
  const header = new TransportHeader();
  const datagrams: { ports: number[]; payload: Uint8Array }[] = [];
  const frames: { etherType: number; payload: Uint8Array }[] = [];
  const conversations = new Map<string, { serverPort: number; turns: Turn[] }>();
  const reader = new CaptureReader({
    packet(bytes, offset, capturedLength, _originalLength, linkType) {
      const end = offset + capturedLength;
      if (!parseLink(frame, bytes, offset, end, linkType)) return;
      if (frame.etherType !== ETHERTYPE_IPV4) {
        frames.push({ etherType: frame.etherType, payload: bytes.slice(frame.payloadOffset, end) });
        return;
      }
      if (!parseIpv4(ip, bytes, frame.payloadOffset, end) || ip.isFragment) return;
      if (ip.protocol === PROTOCOL_UDP && parseUdp(header, bytes, ip.payloadOffset, ip.payloadEnd)) {
        const payload = bytes.slice(header.payloadOffset, ip.payloadEnd);
        datagrams.push({ ports: [header.sourcePort, header.destinationPort], payload });
      }
      if (ip.protocol !== PROTOCOL_TCP || !parseTcp(header, bytes, ip.payloadOffset, ip.payloadEnd)) return;
      const source = `${ip.source0}:${header.sourcePort}`;
      const destination = `${ip.destination0}:${header.destinationPort}`;
      const isOpening = (header.flags & (SYN | ACK)) === SYN;
      if (isOpening) {
        conversations.set(`${source}>${destination}`, { serverPort: header.destinationPort, turns: [] });
        return;
      }
      const payload = bytes.slice(
        header.payloadOffset,
        Math.min(ip.payloadEnd, header.payloadOffset + MAXIMUM_TURN_BYTES),
      );
      if (payload.length === 0) return;
      const fromClient = conversations.get(`${source}>${destination}`);
      const fromServer = conversations.get(`${destination}>${source}`);
      const turns = (fromClient ?? fromServer)?.turns;
      if (turns !== undefined && turns.length < MAXIMUM_TURNS) {
        turns.push({ direction: fromClient === undefined ? 'to-client' : 'to-server', bytes: payload });
      }
    },
  });
  // A Buffer's slice shares memory, and tests overwrite what parsers were lent.
  reader.push(new Uint8Array(readFileSync(file)));
  return { datagrams, conversations: [...conversations.values()].filter(({ turns }) => turns.length > 0), frames };
}
