import { pcap } from '../packages/wire/src/testing/capture-files.ts';

const SYN = 0x02;
const RST_ACK = 0x14;
const FIRST_PORT = 5000;
const FRAME_BYTES = 54;
const ETHERNET_BYTES = 14;

/** @returns a capture file (pcap) of a host that tries one port after the other of another, and is refused each time */
export function portSweepCapture(ports: number, beginSeconds: number): Uint8Array {
  const packets = Array.from({ length: ports }, (_, at) => {
    const [client, server] = [40_000 + at, FIRST_PORT + at];
    const [seconds, fraction] = [beginSeconds + Math.floor(at / 100), (at % 100) * 10_000];
    return [
      { payload: segment(9, 2, client, server, SYN), seconds, fraction },
      { payload: segment(2, 9, server, client, RST_ACK), seconds, fraction: fraction + 500 },
    ];
  });
  return pcap({}, packets.flat());
}

/** A segment without content between two hosts of 10.0.0.0/24 (RFC 791 §3.1, RFC 9293 §3.1). */
function segment(from: number, to: number, fromPort: number, toPort: number, flags: number): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 0x08, 0x00]);
  frame.set(
    [0x45, 0, 0, FRAME_BYTES - ETHERNET_BYTES, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, from, 10, 0, 0, to],
    ETHERNET_BYTES,
  );
  view.setUint16(34, fromPort);
  view.setUint16(36, toPort);
  view.setUint32(38, flags === SYN ? 1000 : 0);
  view.setUint32(42, flags === SYN ? 0 : 1001);
  view.setUint8(46, 0x50);
  view.setUint8(47, flags);
  return frame;
}
