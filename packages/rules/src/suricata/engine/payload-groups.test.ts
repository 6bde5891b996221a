import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestEngine, testFlow } from './test-traffic.ts';
import { WindowPool } from './window-pool.ts';

interface Part<T> {
  readonly text: string;
  has(value: T): boolean;
}

const ADDRESSES: readonly Part<string>[] = [
  { text: 'any', has: () => true },
  { text: '10.0.0.0/8', has: (ip) => ip.startsWith('10.') },
  { text: '!10.0.0.0/8', has: (ip) => !ip.startsWith('10.') },
  { text: '[10.0.0.0/8,!10.1.0.0/16]', has: (ip) => ip.startsWith('10.') && !ip.startsWith('10.1.') },
  { text: '10.1.2.3', has: (ip) => ip === '10.1.2.3' },
  { text: '2001:db8::/32', has: (ip) => ip.startsWith('2001:db8:') },
];
const PORTS: readonly Part<number>[] = [
  { text: 'any', has: () => true },
  { text: '80', has: (port) => port === 80 },
  { text: '!80', has: (port) => port !== 80 },
  { text: '[80,443]', has: (port) => port === 80 || port === 443 },
  { text: '1024:', has: (port) => port >= 1024 },
];
const IPS = ['10.1.2.3', '10.1.9.9', '10.2.0.1', '192.0.2.7', '2001:db8::1', '2001:db9::1'];
const NUMBERS = [80, 443, 1023, 1024, 65_535];

const header = fc.record({
  transport: fc.constantFrom('tcp', 'udp'),
  source: fc.constantFrom(...ADDRESSES),
  sourcePorts: fc.constantFrom(...PORTS),
  destination: fc.constantFrom(...ADDRESSES),
  destinationPorts: fc.constantFrom(...PORTS),
  isBidirectional: fc.boolean(),
  hasPattern: fc.boolean(),
});
const ends = fc.record({
  transport: fc.constantFrom('tcp', 'udp'),
  clientIp: fc.constantFrom(...IPS),
  serverIp: fc.constantFrom(...IPS),
  clientPort: fc.constantFrom(...NUMBERS),
  serverPort: fc.constantFrom(...NUMBERS),
});

describe('rules in groups', () => {
  it('speak where their header says, whatever other rules there are', () => {
    fc.assert(
      fc.property(
        fc.array(header, { minLength: 1, maxLength: 12 }),
        fc.array(ends, { maxLength: 6 }),
        (rules, flows) => {
          const test = new TestEngine(
            rules.map((one, index) => {
              const arrow = one.isBidirectional ? '<>' : '->';
              const left = `${one.source.text} ${one.sourcePorts.text}`;
              const right = `${one.destination.text} ${one.destinationPorts.text}`;
              const condition = one.hasPattern ? 'content:"attack";' : 'dsize:>3;';
              return `alert ${one.transport} ${left} ${arrow} ${right} (msg:"t"; ${condition} sid:${index + 1};)`;
            }),
          );
          for (const flow of flows) {
            test.send(testFlow(flow), 'an attack');
            const meant = rules.flatMap((one, index) => {
              if (one.transport !== flow.transport) return [];
              const source = (ip: string, port: number) => one.source.has(ip) && one.sourcePorts.has(port);
              const destination = (ip: string, port: number) =>
                one.destination.has(ip) && one.destinationPorts.has(port);
              const { clientIp, clientPort, serverIp, serverPort } = flow;
              const isForward = source(clientIp, clientPort) && destination(serverIp, serverPort);
              const isBackward = source(serverIp, serverPort) && destination(clientIp, clientPort);
              return isForward || (one.isBidirectional && isBackward) ? [index + 1] : [];
            });
            expect(test.take().sort((a, b) => a - b)).toEqual(meant);
          }
        },
      ),
    );
  });

  it('follow a flow whose protocol becomes known and changes', () => {
    const test = new TestEngine([
      'alert tls any any -> any any (msg:"t"; content:"attack"; sid:1;)',
      'alert http any any -> any any (msg:"h"; content:"attack"; sid:2;)',
    ]);
    const flow = { ...testFlow(), protocol: 'http' as string | undefined };
    test.send(flow, 'attack');
    expect(test.take()).toEqual([2]);
    flow.protocol = 'tls';
    test.send(flow, 'attack');
    expect(test.take()).toEqual([1]);
  });
});

describe('windows over streams', () => {
  it('hold the last bytes of what came, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 6000, size: 'max' }), { maxLength: 6 }), (pieces) => {
        const pool = new WindowPool(1 << 20);
        let window: ReturnType<WindowPool['keep']>;
        for (const piece of pieces) window = pool.keep(window, piece);
        const all = Buffer.concat(pieces);
        const kept = Buffer.from(window?.bytes.subarray(0, window.length) ?? []);
        expect(kept.equals(all.subarray(Math.max(0, all.length - 4096)))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('take no more than their budget, and are used again', () => {
    const pool = new WindowPool(8192);
    const first = pool.keep(undefined, new Uint8Array(4096));
    const second = pool.keep(undefined, new Uint8Array(4096));
    expect(pool.keep(undefined, new Uint8Array(1))).toBeUndefined();
    if (first !== undefined) pool.free(first);
    expect(second).toBeDefined();
    // The one that was given back makes room for smaller ones.
    expect(pool.keep(undefined, new Uint8Array(1))?.bytes.length).toBe(256);
  });
});
