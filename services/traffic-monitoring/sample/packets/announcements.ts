import { ipBytes, macBytes, type SampleHost } from './packet-builder.ts';

/** EtherType and group address of LLDP (IEEE 802.1AB §7). */
export const ETHERTYPE_LLDP = 0x88cc;
export const LLDP_GROUP = '01:80:c2:00:00:0e';
export const MDNS_GROUP: SampleHost = { mac: '01:00:5e:00:00:fb', ip: '224.0.0.251' };
export const SSDP_GROUP: SampleHost = { mac: '01:00:5e:7f:ff:fa', ip: '239.255.255.250' };

/** mDNS announcement of one service (RFC 6762 §8.3, RFC 6763 §4). */
export function mdnsAnnouncement(fields: {
  service: string;
  instance: string;
  hostname: string;
  address: string;
  port: number;
  text: readonly string[];
}): Buffer {
  const service = labels(`${fields.service}.local`);
  const instance = Buffer.concat([label(fields.instance), service]);
  const host = labels(`${fields.hostname}.local`);
  const server = Buffer.alloc(6);
  server.writeUInt16BE(fields.port, 4);
  const records = [
    record(service, 12, 1, instance),
    record(instance, 33, 0x8001, Buffer.concat([server, host])),
    record(instance, 16, 0x8001, Buffer.concat(fields.text.map(label))),
    record(host, 1, 0x8001, ipBytes(fields.address)),
  ];
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8400, 2);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, ...records]);
}

/** NetBIOS name registration (RFC 1002 §4.2.2). */
export function nbnsRegistration(name: string, address: string): Buffer {
  const padded = Buffer.from(`${name.toUpperCase().padEnd(15)}\0`, 'latin1');
  const encoded = [...padded].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  const question = Buffer.from([32, ...encoded, 0, 0, 0x20, 0, 1]);
  const header = Buffer.from('5a0129100001000000000001', 'hex');
  const additional = Buffer.from([0xc0, 12, 0, 0x20, 0, 1, 0, 4, 0x93, 0xe0, 0, 6, 0, 0, ...ipBytes(address)]);
  return Buffer.concat([header, question, additional]);
}

/** LLDP of a gateway that routes and bridges (IEEE 802.1AB §8.5). */
export function lldpAnnouncement(host: SampleHost, name: string, description: string): Buffer {
  const field = (type: number, value: Uint8Array) => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE((type << 9) | value.length);
    return Buffer.concat([head, value]);
  };
  const management = Buffer.from([5, 1, ...ipBytes(host.ip), 2, 0, 0, 0, 1, 0]);
  return Buffer.concat([
    field(1, Buffer.from([4, ...macBytes(host.mac)])),
    field(2, Buffer.from([5, ...Buffer.from('port1')])),
    field(3, Buffer.from([0, 120])),
    field(5, Buffer.from(name)),
    field(6, Buffer.from(description)),
    field(7, Buffer.from([0, 0x14, 0, 0x14])),
    field(8, management),
    field(0, Buffer.alloc(0)),
  ]);
}

/** UPnP device architecture 2.0 §1.2.2. */
export function ssdpNotification(fields: {
  location: string;
  server: string;
  deviceType: string;
  uuid: string;
}): string {
  return [
    'NOTIFY * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    'CACHE-CONTROL: max-age=1800',
    `LOCATION: ${fields.location}`,
    `NT: ${fields.deviceType}`,
    'NTS: ssdp:alive',
    `SERVER: ${fields.server}`,
    `USN: uuid:${fields.uuid}::${fields.deviceType}`,
    '',
    '',
  ].join('\r\n');
}

/** BACnet/IP Who-Is and I-Am, unconfirmed and broadcast (ASHRAE 135 §16.10, annex J). */
export function bacnetMessages(deviceInstance: number): { whoIs: Buffer; iAm: Buffer } {
  const instance = Buffer.alloc(4);
  instance.writeUInt32BE(((8 << 22) | deviceInstance) >>> 0);
  return {
    whoIs: Buffer.from('810b000c0120ffff00ff1008', 'hex'),
    iAm: Buffer.concat([
      Buffer.from('810b00180120ffff00ff1000c4', 'hex'),
      instance,
      Buffer.from('2205c491002100', 'hex'),
    ]),
  };
}

function record(name: Buffer, type: number, recordClass: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(recordClass, 2);
  fixed.writeUInt32BE(120, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, fixed, data]);
}

function labels(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(label), Buffer.from([0])]);
}

function label(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
