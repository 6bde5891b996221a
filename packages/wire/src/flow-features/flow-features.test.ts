import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InspectedFlowState } from '../inspector.ts';
import { FLOW_NUMBERS, FlowFeatureReader, type FlowFeatures } from './flow-features.ts';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

function flow(parts: Partial<InspectedFlowState> = {}): InspectedFlowState {
  return {
    clientIp: '10.0.0.1',
    serverIp: '10.0.0.2',
    clientPort: 40_000,
    serverPort: 80,
    transport: 'tcp',
    protocol: undefined,
    isEstablished: true,
    packetsToServer: 5,
    packetsToClient: 4,
    bytesToServer: 5 * 40 + 300,
    bytesToClient: 4 * 40 + 2000,
    tcpFlagsToServer: SYN | ACK | FIN,
    tcpFlagsToClient: SYN | ACK | FIN,
    clientMac: undefined,
    serverMac: undefined,
    vlan: undefined,
    firstMicros: 0,
    firstPacketNumber: 1,
    lastMicros: 3_500_000,
    lastPacketNumber: 9,
    notes: undefined,
    ...parts,
  };
}

function numberOf(features: FlowFeatures, name: (typeof FLOW_NUMBERS)[number]): number {
  return features.numbers[FLOW_NUMBERS.indexOf(name)] ?? Number.NaN;
}

describe('Features of a flow', () => {
  it('tell its length, its bytes without headers, its service and how it ended', () => {
    const features = new FlowFeatureReader().read(flow());
    expect(features).toMatchObject({ protocol_type: 'tcp', service: 'http', flag: 'SF' });
    expect(numberOf(features, 'duration')).toBe(3);
    expect(numberOf(features, 'src_bytes')).toBe(300);
    expect(numberOf(features, 'dst_bytes')).toBe(2000);
    expect(numberOf(features, 'count')).toBe(1);
    expect(numberOf(features, 'same_srv_rate')).toBe(1);
  });

  it('count no headers of frames as what was sent, and nothing of a connection that was never made', () => {
    const onEthernet = { clientMac: '02:00:00:00:00:09', packetsToServer: 5, bytesToServer: 5 * 66 + 300 };
    expect(numberOf(new FlowFeatureReader().read(flow(onEthernet)), 'src_bytes')).toBe(300);
    const refused = { clientMac: '02:00:00:00:00:09', tcpFlagsToServer: SYN, tcpFlagsToClient: RST | ACK };
    const features = new FlowFeatureReader().read(
      flow({ ...refused, packetsToServer: 1, bytesToServer: 74, packetsToClient: 1, bytesToClient: 60 }),
    );
    expect([numberOf(features, 'src_bytes'), numberOf(features, 'dst_bytes')]).toEqual([0, 0]);
  });

  it.each([
    ['nobody answered', SYN, 0, 'S0'],
    ['it was refused', SYN, RST | ACK, 'REJ'],
    ['the client reset it', SYN | ACK | RST, SYN | ACK, 'RSTO'],
    ['the server reset it', SYN | ACK, SYN | ACK | RST, 'RSTR'],
    ['it stands open', SYN | ACK, SYN | ACK, 'S1'],
    ['its beginning was not seen', ACK, ACK, 'OTH'],
  ])('say when %s', (_, tcpFlagsToServer, tcpFlagsToClient, flag) => {
    expect(new FlowFeatureReader().read(flow({ tcpFlagsToServer, tcpFlagsToClient })).flag).toBe(flag);
  });

  it('count a sweep over the ports of a host, and forget it after two seconds', () => {
    const reader = new FlowFeatureReader();
    const knock = (port: number, firstMicros: number) =>
      reader.read(
        flow({ serverPort: port, tcpFlagsToServer: SYN, tcpFlagsToClient: RST, clientPort: port + 1, firstMicros }),
      );
    for (let port = 1; port < 50; port++) knock(5000 + port, port * 1000);
    const last = knock(80, 60_000);
    expect(numberOf(last, 'count')).toBe(50);
    expect(numberOf(last, 'srv_count')).toBe(1);
    expect(numberOf(last, 'rerror_rate')).toBe(1);
    expect(numberOf(last, 'diff_srv_rate')).toBeCloseTo(0.98);
    const later = knock(81, 10_000_000);
    expect(numberOf(later, 'count')).toBe(1);
    expect(numberOf(later, 'dst_host_count')).toBe(51);
  });

  it('are numbers between bounds for whatever flow comes', () => {
    const reader = new FlowFeatureReader();
    const any = fc.record({
      clientIp: fc.ipV4(),
      serverIp: fc.constantFrom('10.0.0.2', '10.0.0.3', 'fe80::1'),
      serverPort: fc.integer({ min: 0, max: 65_535 }),
      transport: fc.constantFrom('tcp', 'udp', 'icmp', 'gre'),
      tcpFlagsToServer: fc.integer({ min: 0, max: 255 }),
      tcpFlagsToClient: fc.integer({ min: 0, max: 255 }),
      bytesToServer: fc.nat(),
      firstMicros: fc.double({ noNaN: true, min: 0, max: 1e15 }),
    });
    fc.assert(
      fc.property(any, (parts) => {
        const features = reader.read(flow(parts));
        for (const [at, name] of FLOW_NUMBERS.entries()) {
          const value = features.numbers[at] ?? Number.NaN;
          expect(Number.isFinite(value) && value >= 0).toBe(true);
          if (name.endsWith('_rate')) expect(value).toBeLessThanOrEqual(1);
          if (name === 'count' || name === 'srv_count') expect(value).toBeLessThanOrEqual(512);
          if (name.startsWith('dst_host') && name.endsWith('_count')) expect(value).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
