import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetectionSample } from './protocol.ts';
import { RECOGNISED_PROTOCOLS } from './protocols-recognised.ts';
import { defineRecognitionRoom } from './recognition-room.ts';
import { bytes } from './testing/bytes.ts';

const room = defineRecognitionRoom({
  id: 'example',
  title: 'Example',
  standards: ['Example §1'],
  transports: ['tcp', 'udp'],
  begins: ['EX'],
  needs: 4,
  matches: (first) => first[3] === 0x21,
});

function sample(transport: 'tcp' | 'udp', toServer: string | Uint8Array, toClient = ''): DetectionSample {
  return { transport, toServer: bytes(toServer), toClient: bytes(toClient), clientPort: 50_000, serverPort: 9 };
}

describe('A protocol that is told by a signature', () => {
  it('is found once enough bytes have come', () => {
    expect(room.detect(sample('tcp', 'EX'))).toBe('undecided');
    expect(room.detect(sample('tcp', 'EXA!'))).toBe('match');
  });

  it('is not waited for where the first byte is another', () => {
    expect(room.detect(sample('tcp', 'A'))).toBe('reject');
  });

  it('needs its whole signature in one datagram', () => {
    expect(room.detect(sample('udp', 'EX'))).toBe('reject');
  });
});

describe('Signatures', () => {
  it('never fail on arbitrary bytes', () => {
    const ports = fc.constantFrom(...new Set(RECOGNISED_PROTOCOLS.flatMap(({ usualPorts }) => [...usualPorts, 9])));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        ports,
        fc.boolean(),
        (noise, serverPort, isServer) => {
          for (const { transports, firstBytes, detect } of RECOGNISED_PROTOCOLS) {
            const first =
              firstBytes === undefined ? noise : bytes(firstBytes[noise.length % firstBytes.length] ?? 0, noise);
            for (const transport of ['tcp', 'udp'] as const) {
              if (!transports.includes(transport)) continue;
              const side = isServer ? { toServer: bytes(), toClient: first } : { toServer: first, toClient: bytes() };
              expect(['match', 'reject', 'undecided']).toContain(
                detect({ transport, ...side, clientPort: 50_000, serverPort }),
              );
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('name their source and are told apart by their ids', () => {
    const ids = RECOGNISED_PROTOCOLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(RECOGNISED_PROTOCOLS.filter(({ standards }) => standards.length === 0)).toEqual([]);
  });
});
