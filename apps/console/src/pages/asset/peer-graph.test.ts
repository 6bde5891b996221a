import type { AssetPeer } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { drawablePeers, groupPeers, linesOf } from './peer-graph.ts';

function peer(fields: Partial<AssetPeer>): AssetPeer {
  return {
    ip: '10.0.0.9',
    isExternal: false,
    direction: 'outgoing',
    transport: 'tcp',
    port: 104,
    protocol: 'dicom',
    isEncrypted: false,
    isAnswered: true,
    bytesSent: 10,
    bytesReceived: 5,
    flows: 1,
    firstSeen: 0,
    lastSeen: 0,
    packet: { source: 'src_1', number: 1, time: 0 },
    ...fields,
  };
}

describe('whom an asset talks to', () => {
  it('joins all conversations with one asset under its name, whatever address it used', () => {
    const peers = [peer({ assetId: 'ast_b', ip: '10.0.0.9' }), peer({ assetId: 'ast_b', ip: '10.0.0.10', port: 443 })];
    const [group, ...others] = groupPeers({ peers }, new Map([['ast_b', 'Archive']]));
    expect(others).toEqual([]);
    expect(group).toMatchObject({ label: 'Archive', bytes: 30 });
    expect(group?.talks).toHaveLength(2);
  });

  it('shows an address that is no asset by itself', () => {
    const [group] = groupPeers({ peers: [peer({ ip: '203.0.113.4', isExternal: true })] }, new Map());
    expect(group).toMatchObject({ label: '203.0.113.4', assetId: undefined, isExternal: true });
  });

  it('draws the busiest peers and says how many are left out', () => {
    const peers = Array.from({ length: 50 }, (_, index) => peer({ ip: `10.0.1.${index}`, bytesSent: index }));
    const { shown, hidden } = drawablePeers(groupPeers({ peers }, new Map()));
    expect(shown[0]?.label).toBe('10.0.1.49');
    expect(shown.length + hidden).toBe(50);
    expect(hidden).toBeGreaterThan(0);
  });

  it('calls a line encrypted only when everything on it is', () => {
    const talks = [
      peer({ isEncrypted: true, protocol: 'https' }),
      peer({}),
      peer({ direction: 'incoming', isEncrypted: true }),
    ];
    expect(linesOf({ talks })).toEqual([
      { direction: 'outgoing', protocols: ['https', 'dicom'], isEncrypted: false, isAnswered: true },
      { direction: 'incoming', protocols: ['dicom'], isEncrypted: true, isAnswered: true },
    ]);
  });
});
