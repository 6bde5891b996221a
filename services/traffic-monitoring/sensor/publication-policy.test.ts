import type { Conversation, HostObservation } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { PublicationPolicy } from './publication-policy.ts';

const PACKET = { source: 'src_1', number: 1, time: 0 };

function observation(value: string, lastSeen: number): HostObservation {
  return {
    source: 'src_1',
    sample: false,
    host: { mac: '00:11:22:33:44:55', ip: '10.0.0.5' },
    evidence: [
      {
        attribute: 'dhcp.hostname',
        value,
        protocol: 'dhcp',
        role: 'self',
        firstSeen: 0,
        lastSeen,
        count: 1,
        packet: PACKET,
      },
    ],
  };
}

function conversation(fields: Partial<Conversation>): Conversation {
  return {
    source: 'src_1',
    sample: false,
    client: { ip: '10.0.0.5' },
    server: { ip: '10.0.0.9' },
    transport: 'tcp',
    serverPort: 104,
    protocol: 'dicom',
    isEncrypted: false,
    isAnswered: true,
    bytesToServer: 10,
    bytesToClient: 10,
    packets: 2,
    flows: 1,
    firstSeen: 0,
    lastSeen: 0,
    packet: PACKET,
    ...fields,
  };
}

describe('what is reported as a fact', () => {
  it('is anything new about a host, at once', () => {
    const policy = new PublicationPolicy(60_000);
    expect(policy.hosts([observation('CT-1', 0)])).toHaveLength(1);
    expect(policy.hosts([observation('CT-2', 1)])).toHaveLength(1);
  });

  it('is something known only after the refresh time of the packets, not of the wall clock', () => {
    const policy = new PublicationPolicy(60_000);
    policy.hosts([observation('CT-1', 0)]);
    expect(policy.hosts([observation('CT-1', 59_999)])).toEqual([]);
    expect(policy.hosts([observation('CT-1', 60_000)])).toHaveLength(1);
  });

  it('is a conversation again as soon as it turns out to be encrypted, answered or another protocol', () => {
    const policy = new PublicationPolicy(60_000);
    expect(policy.conversations([conversation({ isAnswered: false })])).toHaveLength(1);
    expect(policy.conversations([conversation({ isAnswered: false, lastSeen: 5 })])).toEqual([]);
    expect(policy.conversations([conversation({ isAnswered: true, lastSeen: 6 })])).toHaveLength(1);
  });

  it('are the last totals of every conversation when the source ends', () => {
    const policy = new PublicationPolicy(60_000);
    policy.conversations([conversation({})]);
    policy.conversations([conversation({ bytesToServer: 999, lastSeen: 5 })]);
    expect(policy.remaining()).toMatchObject([{ bytesToServer: 999 }]);
  });
});
