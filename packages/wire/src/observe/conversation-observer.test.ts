import { describe, expect, it } from 'vitest';
import { Address } from '../flow/address-book.ts';
import { usedBytes } from '../testing/memory.ts';
import { ConversationObserver, type ConversingFlow } from './conversation-observer.ts';
import { HostObserver } from './host-observer.ts';

const FULL = 200_000;
const CLIENTS = 1000;

function flowBetween(client: Address, server: Address, serverPort: number): ConversingFlow {
  return {
    client,
    server,
    serverPort,
    clientMac: undefined,
    serverMac: undefined,
    vlan: undefined,
    transport: 'tcp',
    state: 'one-way',
    isEncrypted: false,
    protocol: undefined,
    bytesToServer: 60,
    bytesToClient: 0,
    packetsToServer: 1,
    packetsToClient: 0,
    firstPacketNumber: 1,
    firstMicros: 0,
    lastMicros: 0,
    conversation: undefined,
    reportedBytesToServer: 0,
    reportedBytesToClient: 0,
    reportedPackets: 0,
  };
}

describe('conversations beyond those that there is room for', () => {
  const observer = new ConversationObserver('test', false, new HostObserver('test', false));
  const clients = Array.from({ length: CLIENTS }, (_, index) => new Address(`10.0.0.${index}`, true));
  const servers = Array.from({ length: 800 }, (_, index) => new Address(`10.1.0.${index}`, true));
  const talk = (from: number, to: number) => {
    for (const client of clients) {
      for (const server of servers.slice(from, to)) observer.add(flowBetween(client, server, 80));
    }
  };

  it('are counted and take no memory, and those that are known go on', () => {
    talk(0, FULL / CLIENTS);
    expect(observer.takeChanged()).toHaveLength(FULL);
    expect(observer.dropped).toBe(0);
    const before = usedBytes();
    talk(FULL / CLIENTS, 800);
    expect(observer.dropped).toBe(600 * CLIENTS);
    expect(usedBytes() - before).toBeLessThan(4 * 1024 * 1024);
    talk(0, 1);
    const again = observer.takeChanged();
    expect(again).toHaveLength(CLIENTS);
    expect(again[0]).toMatchObject({ flows: 2, packets: 2, serverPort: 80 });
  });
});
