import { ipBytes, macBytes, type SampleHost } from './packet-builder.ts';

/** DHCP message (RFC 2131 §2) with the options that tell a device (RFC 2132). */
export function dhcpMessage(fields: {
  type: 'discover' | 'request' | 'ack';
  client: SampleHost;
  server: SampleHost;
  hostname: string;
  vendorClass: string;
  parameters: readonly number[];
}): Buffer {
  const messageType = { discover: 1, request: 3, ack: 5 }[fields.type];
  const isReply = fields.type === 'ack';
  const fixed = Buffer.alloc(236);
  fixed.writeUInt8(isReply ? 2 : 1, 0);
  fixed.writeUInt8(1, 1);
  fixed.writeUInt8(6, 2);
  fixed.writeUInt32BE(0x5048_0000 + (macBytes(fields.client.mac)[5] ?? 0), 4);
  if (isReply) ipBytes(fields.client.ip).copy(fixed, 16);
  macBytes(fields.client.mac).copy(fixed, 28);
  const option = (code: number, value: Uint8Array) => Buffer.from([code, value.length, ...value]);
  const options = isReply
    ? [option(54, ipBytes(fields.server.ip)), option(51, Buffer.from([0, 1, 0x51, 0x80]))]
    : [
        option(12, Buffer.from(fields.hostname)),
        option(60, Buffer.from(fields.vendorClass)),
        option(55, Buffer.from(fields.parameters)),
        ...(fields.type === 'request' ? [option(50, ipBytes(fields.client.ip))] : []),
      ];
  const cookie = Buffer.from([0x63, 0x82, 0x53, 0x63]);
  return Buffer.concat([fixed, cookie, option(53, Buffer.from([messageType])), ...options, Buffer.from([255])]);
}

/** DNS query and answer for one A record (RFC 1035 §4). */
export function dnsMessages(id: number, name: string, address: string): { query: Buffer; answer: Buffer } {
  const header = (flags: number, answers: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(id, 0);
    bytes.writeUInt16BE(flags, 2);
    bytes.writeUInt16BE(1, 4);
    bytes.writeUInt16BE(answers, 6);
    return bytes;
  };
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const question = Buffer.from([...labels, 0, 0, 1, 0, 1]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ipBytes(address)]);
  return {
    query: Buffer.concat([header(0x0100, 0), question]),
    answer: Buffer.concat([header(0x8580, 1), question, record]),
  };
}

/** MLLP frame (HL7 v2.9 appendix C, "Minimal Lower Layer Protocol"). */
export function mllp(...segments: readonly string[]): Buffer {
  return Buffer.from(`\x0b${segments.join('\r')}\r\x1c\r`);
}

/** SNMPv2c GET and its answer for sysDescr.0 and sysName.0 (RFC 3416, RFC 3418). */
export function snmpMessages(
  community: string,
  description: string,
  name: string,
): { request: Buffer; response: Buffer } {
  const value = (tag: number, content: Uint8Array) =>
    content.length < 128
      ? Buffer.from([tag, content.length, ...content])
      : Buffer.from([tag, 0x81, content.length, ...content]);
  const oid = (last: number) => value(0x06, Buffer.from([0x2b, 6, 1, 2, 1, 1, last, 0]));
  const binding = (last: number, content: Buffer) => value(0x30, Buffer.concat([oid(last), content]));
  const NULL = Buffer.from([5, 0]);
  const message = (pdu: number, bindings: readonly Buffer[]) => {
    const zero = value(2, Buffer.from([0]));
    const body = Buffer.concat([value(2, Buffer.from([0x11])), zero, zero, value(0x30, Buffer.concat(bindings))]);
    const version = value(2, Buffer.from([1]));
    return value(0x30, Buffer.concat([version, value(4, Buffer.from(community)), value(pdu, body)]));
  };
  return {
    request: message(0xa0, [binding(1, NULL), binding(5, NULL)]),
    response: message(0xa2, [binding(1, value(4, Buffer.from(description))), binding(5, value(4, Buffer.from(name)))]),
  };
}

/** NTP client request and server reply (RFC 5905 §7.3). */
export function ntpMessages(): { request: Buffer; reply: Buffer } {
  const request = Buffer.alloc(48);
  request.writeUInt8(0x23, 0);
  const reply = Buffer.alloc(48);
  reply.writeUInt8(0x24, 0);
  reply.writeUInt8(2, 1);
  return { request, reply };
}

/** HTTP/1.1 answer with a body (RFC 9112). */
export function httpResponse(headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  return `HTTP/1.1 200 OK\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
}
