import type { DecoderEvent } from '@sphinx/schema';
import { TransportHeader } from './flow/transport-header.ts';
import { IpPacket } from './ip/ip-packet.ts';
import { LinkFrame } from './link/link-layer.ts';

/** The packet at hand, as far as it was taken apart. One object for all packets; a tunnel's inner packet overwrites it. */
export class Packet {
  readonly frame = new LinkFrame();
  readonly ip = new IpPacket();
  readonly transport = new TransportHeader();
  bytes: Uint8Array = new Uint8Array(0);
  /** Of the IP header in `bytes`. */
  ipOffset = 0;
  /** Of what was captured, in `bytes`. */
  capturedEnd = 0;
  /** What is irregular in the fragment at hand beside those that came before; found only where an inspector may ask. */
  fragmentEvents: readonly DecoderEvent[] = [];
  /** Of the frame in `bytes`, and its LINKTYPE_ value; of what came through a tunnel, the IP header. Known where somebody inspects. */
  frameOffset = 0;
  linkType = 0;
  /** Of the IP header of the tunnel around it, −1 where there is none or it is in other bytes. */
  outerIpOffset = -1;
  tunnelDepth = 0;
  /** Length on the wire, of the outermost frame. */
  length = 0;
  timeMicros = 0;
  /** Within the source, from 1. */
  number = 0;
}
