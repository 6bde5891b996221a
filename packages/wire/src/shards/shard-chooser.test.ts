import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINKTYPE_ETHERNET } from '../link/link-layer.ts';
import { ShardChooser } from './shard-chooser.ts';

const SHARDS = 7;
const GRE = 47;
const UDP = 17;

const address = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** @param fragment flags and offset of the IPv4 header */
function ipv4(source: Uint8Array, destination: Uint8Array, protocol: number, payload: Uint8Array, fragment = 0) {
  const packet = Buffer.alloc(20 + payload.length);
  packet[0] = 0x45;
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(99, 4);
  packet.writeUInt16BE(fragment, 6);
  packet[8] = 64;
  packet[9] = protocol;
  packet.set(source, 12);
  packet.set(destination, 16);
  packet.set(payload, 20);
  return packet;
}

function ethernet(payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.alloc(12, 2), Buffer.from([8, 0]), payload]);
}

const greOf = (inner: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 8, 0]), inner]);

function shardOf(chooser: ShardChooser, frame: Uint8Array): number {
  return chooser.shardOf(frame, 0, frame.length, LINKTYPE_ETHERNET);
}

describe('the shard of a packet', () => {
  it('is the same for both directions, all ports and all fragments of two hosts', () => {
    const chooser = new ShardChooser(SHARDS);
    fc.assert(
      fc.property(address, address, fc.uint8Array({ maxLength: 40 }), (a, b, payload) => {
        const shard = shardOf(chooser, ethernet(ipv4(a, b, UDP, payload)));
        expect(shardOf(chooser, ethernet(ipv4(b, a, 6, payload)))).toBe(shard);
        expect(shardOf(chooser, ethernet(ipv4(a, b, UDP, payload, 0x2000)))).toBe(shard);
        expect(shardOf(chooser, ethernet(ipv4(a, b, UDP, payload, 185)))).toBe(shard);
      }),
    );
  });

  it('is that of what a tunnel carries, whole or in fragments', () => {
    const chooser = new ShardChooser(SHARDS);
    fc.assert(
      fc.property(address, address, address, address, (a, b, c, d) => {
        const inner = ipv4(a, b, UDP, new Uint8Array(16));
        const shard = shardOf(chooser, ethernet(inner));
        expect(shardOf(chooser, ethernet(ipv4(c, d, GRE, greOf(inner))))).toBe(shard);
        expect(shardOf(chooser, ethernet(ipv4(c, d, 4, inner)))).toBe(shard);
        expect(shardOf(chooser, ethernet(ipv4(c, d, GRE, greOf(inner), 0x2000)))).toBe(shard);
        expect(shardOf(chooser, ethernet(ipv4(c, d, GRE, new Uint8Array(16), 5)))).toBe(shard);
      }),
    );
  });

  it('spreads hosts over all shards', () => {
    const chooser = new ShardChooser(4);
    const counts = [0, 0, 0, 0];
    for (let host = 0; host < 4000; host++) {
      const frame = ethernet(
        ipv4(Uint8Array.of(10, 0, host >> 8, host), Uint8Array.of(10, 9, 9, 9), UDP, greOf(new Uint8Array(8))),
      );
      const shard = shardOf(chooser, frame);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(500);
  });

  it('exists for whatever comes', () => {
    const chooser = new ShardChooser(SHARDS);
    const protocols = fc.constantFrom(4, 41, GRE, UDP, 6, 1);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc
            .tuple(protocols, fc.nat(0xffff), fc.uint8Array({ maxLength: 120 }))
            .map(([protocol, fragment, payload]) =>
              ethernet(ipv4(Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8), protocol, payload, fragment)),
            ),
        ),
        fc.constantFrom(0, 1, 9, 101, 113, 276, 999),
        (frame, linkType) => {
          const shard = chooser.shardOf(frame, 0, frame.length, linkType);
          expect(Number.isInteger(shard) && shard >= 0 && shard < SHARDS).toBe(true);
        },
      ),
    );
  });
});
