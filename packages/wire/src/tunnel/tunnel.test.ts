import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { createSensor } from '../create-sensor.ts';
import { bytes } from '../testing/bytes.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { feed } from '../testing/packets.ts';
import { handshake } from '../testing/tcp.ts';
import { findGenericEncapsulation } from './generic-encapsulation.ts';
import { readIpTunnel } from './ip-tunnel-rooms.ts';
import { TunnelPayload } from './tunnel-payload.ts';
import { findUdpTunnel } from './udp-tunnel.ts';

const GENEVE = sharedData('ja4/pcap/tcpdump-geneve.pcap');
const ERSPAN = sharedData('ja4/pcap/gre-erspan-vxlan.pcap');
const VXLAN = sharedData('suricata-verify/arp/detect-arp-04-vxlan/vxlan-arp.pcap');
const GTP = sharedData('ndpi/pcap/ja3_lots_of_cipher_suites_2_anon.pcap');
const TEREDO = sharedData('ndpi/pcap/teredo.pcap');

function flowsOf(path: string | undefined): readonly string[] {
  const { flows } = sense(path ?? '');
  return flows.map((flow) => `${flow.clientIp} > ${flow.serverIp}:${flow.serverPort} ${flow.protocol}`);
}

describe('traffic in tunnels', () => {
  it.skipIf(GENEVE === undefined)('is seen inside of Geneve, both directions as one flow', () => {
    const inside = flowsOf(GENEVE).filter((flow) => flow.endsWith('ssh'));
    expect(inside).toEqual(['30.0.0.2 > 30.0.0.1:22 ssh']);
  });

  it.skipIf(ERSPAN === undefined)('is seen where a switch mirrors it over ERSPAN, and in VXLAN inside of that', () => {
    expect(flowsOf(ERSPAN)).toContain('10.16.27.12 > 10.16.27.131:80 http');
  });

  it.skipIf(VXLAN === undefined)('tells hosts that only speak ARP inside of VXLAN', () => {
    const { hosts } = sense(VXLAN ?? '');
    expect(hosts.some(({ evidence }) => evidence.some(({ protocol }) => protocol === 'arp'))).toBe(true);
  });

  it.skipIf(GTP === undefined)('is seen inside of GTP, beside the tunnel itself', () => {
    const flows = flowsOf(GTP);
    expect(flows).toContain('192.168.147.177 > 151.121.193.160:443 tls');
    expect(flows.some((flow) => flow.includes(':2152 '))).toBe(true);
  });

  it.skipIf(TEREDO === undefined)('is seen inside of Teredo', () => {
    expect(flowsOf(TEREDO).some((flow) => flow.startsWith('2001:0:') || flow.startsWith('2001::'))).toBe(true);
  });
});

describe('a tunnel', () => {
  const told = (path: string | undefined, protocol: string) => recordsOf(sense(path ?? ''), protocol);

  it.skipIf(GENEVE === undefined)('of Geneve is told with what goes through it', () => {
    expect(told(GENEVE, 'geneve')).toContainEqual(expect.objectContaining({ carries: 'ethernet' }));
  });

  it.skipIf(ERSPAN === undefined)('of ERSPAN is told with its session, and as traffic between its ends', () => {
    const records = told(ERSPAN, 'erspan');
    expect(records[0]).toMatchObject({ carries: 'ethernet', networkId: expect.any(Number) });
    expect(flowsOf(ERSPAN).some((flow) => flow.endsWith(':0 erspan'))).toBe(true);
  });

  it.skipIf(VXLAN === undefined)('of VXLAN is told once for each network', () => {
    const records = told(VXLAN, 'vxlan');
    expect(records.length).toBeGreaterThan(0);
    expect(new Set(records.map((record) => JSON.stringify(record))).size).toBeLessThanOrEqual(records.length);
    expect(records[0]).toMatchObject({ carries: 'ethernet', networkId: expect.any(Number) });
  });

  it.skipIf(GTP === undefined)('of a mobile network is told once, not for every packet', () => {
    const { records } = sense(GTP ?? '');
    const user = records.filter(({ record }) => record.activity === 'user-data');
    expect(user).toHaveLength(new Set(user.map(({ flow }) => flow.id)).size);
    expect(user.length).toBeGreaterThan(0);
  });

  it.skipIf(TEREDO === undefined)('of Teredo is told', () => {
    expect(told(TEREDO, 'teredo')[0]).toMatchObject({ carries: 'ipv6' });
  });

  it.each([
    ['gre', 47, [0x20, 0, 8, 0, 0, 0, 0, 42], { carries: 'ipv4', networkId: 42 }],
    ['gre', 47, [0, 0, 0x65, 0x58], { carries: 'ethernet', networkId: undefined }],
    ['erspan', 47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 5, 0, 7, 0, 0, 0, 0], { carries: 'ethernet', networkId: 7 }],
    ['ip-in-ip', 4, [0x45], { carries: 'ipv4' }],
    ['ip-in-ip', 41, [0x60], { carries: 'ipv6' }],
  ])('%s over IP protocol %i says what it carries', (protocol, number, payload, expected) => {
    expect(readIpTunnel(number, Uint8Array.from(payload))).toMatchObject({ protocol, ...expected });
  });
});

describe('traffic below IP', () => {
  /** The first packet of a connection, with other bytes in place of its EtherType. */
  const heard = (...between: readonly number[]) => {
    const [open] = handshake({});
    const frame = open?.bytes ?? new Uint8Array(0);
    const packed = bytes(frame.slice(0, 12), ...between, frame.slice(14));
    const sensor = createSensor({ source: 'test', isSample: false, maximumFlows: 16 });
    feed(sensor, { bytes: packed, originalLength: packed.length, linkType: 1, timeMicros: 0 });
    sensor.finish();
    return sensor.takeBatch().flows.map(({ clientIp, serverPort }) => `${clientIp} ${serverPort}`);
  };

  it.each([
    ['two tags of VLANs', [0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0]],
    ['two labels of MPLS', [0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64]],
    ['a session of PPPoE', [0x88, 0x64, 0x11, 0, 0, 7, 0, 42, 0, 0x21]],
  ])('is seen behind %s', (_, between) => {
    expect(heard(...between)).toEqual(['10.0.0.1 2575']);
  });

  it('is not seen where it is something else', () => {
    expect(heard(0x88, 0x64, 0x11, 0, 0, 7, 0, 42, 0xc0, 0x21)).toEqual([]);
  });
});

describe('hostile tunnels', () => {
  const ports = fc.constantFrom(2152, 3544, 4789, 4790, 6081, 8472);

  it('never point outside of their datagram', () => {
    fc.assert(
      fc.property(ports, fc.uint8Array({ maxLength: 120 }), (port, any) => {
        const tunnel = new TunnelPayload();
        if (findUdpTunnel(tunnel, port, any, 0, any.length)) expect(tunnel.offset).toBeLessThan(any.length);
        expect(() => readIpTunnel(47, any)).not.toThrow();
        if (findGenericEncapsulation(tunnel, any, 0, any.length)) {
          expect(tunnel.offset).toBeLessThan(any.length);
        }
      }),
    );
  });
});
