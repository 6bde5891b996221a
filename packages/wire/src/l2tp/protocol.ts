import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** RFC 2661 §3.1: control messages have type, length and sequence; version 2. */
const CONTROL_FLAGS = 0xc802;
const FLAGS_MASK = 0xcb0f;
const MAXIMUM_AVPS = 32;
const MESSAGE_TYPE = 0;
const FIRMWARE = 6;
const HOST_NAME = 7;
const VENDOR_NAME = 8;

const TYPES: Readonly<Record<number, string>> = {
  1: 'start-control-connection-request',
  2: 'start-control-connection-reply',
  3: 'start-control-connection-connected',
  4: 'stop-control-connection-notification',
  6: 'hello',
  7: 'outgoing-call-request',
  8: 'outgoing-call-reply',
  9: 'outgoing-call-connected',
  10: 'incoming-call-request',
  11: 'incoming-call-reply',
  12: 'incoming-call-connected',
  14: 'call-disconnect-notify',
  15: 'wan-error-notify',
  16: 'set-link-information',
};

export interface L2tpRecord extends ProtocolRecord {
  readonly protocol: 'l2tp';
  readonly activity: string;
  readonly tunnel: number;
  readonly hostName: string;
  readonly vendor: string;
  readonly firmware: string;
}

/** @returns undefined for data messages, which say nothing but whose they are */
export function parseL2tp(bytes: Uint8Array): L2tpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const isControl = (cursor.uint16() & FLAGS_MASK) === CONTROL_FLAGS;
  if (!isControl || cursor.uint16() !== bytes.length) return undefined;
  const tunnel = cursor.uint16();
  cursor.skip(6);
  if (cursor.isBroken) return undefined;
  const facts = { hostName: '', vendor: '', firmware: '' };
  // A message without attributes acknowledges (§5.8).
  let activity = 'acknowledgement';
  for (let count = 0; cursor.remaining >= 6 && count < MAXIMUM_AVPS; count++) {
    const length = cursor.uint16() & 0x3ff;
    if (length < 6) return undefined;
    const vendor = cursor.uint16();
    const type = cursor.uint16();
    const value = cursor.slice(length - 6);
    if (cursor.isBroken) return undefined;
    if (vendor !== 0) continue;
    const text = () => cleanText(latin1(value), 64);
    if (type === MESSAGE_TYPE) activity = TYPES[((value[0] ?? 0) << 8) | (value[1] ?? 0)] ?? 'unknown';
    else if (type === HOST_NAME) facts.hostName = text();
    else if (type === VENDOR_NAME) facts.vendor = text();
    else if (type === FIRMWARE) facts.firmware = Buffer.from(value.subarray(0, 2)).toString('hex');
  }
  return { protocol: 'l2tp', activity, tunnel, ...facts };
}

export const l2tp = defineDatagramRoom<L2tpRecord>({
  id: 'l2tp',
  title: 'L2TP',
  standards: ['RFC 2661 §3.1 (header), §3.2 (messages), §4.4 (attributes)'],
  usualPorts: [1701],
  firstBytes: [0xc8, 0xca],
  parse: parseL2tp,
  evidence: ({ activity, hostName, vendor }) => {
    const isServer = activity === 'start-control-connection-reply';
    if (!isServer && activity !== 'start-control-connection-request') return [];
    const about = isServer ? 'server' : 'client';
    return [
      ...draft(isServer ? 'vpn.server' : 'vpn.client', 'L2TP', about),
      ...draft('vpn.host-name', hostName, about),
      ...draft('vpn.vendor', vendor, about),
    ];
  },
});
