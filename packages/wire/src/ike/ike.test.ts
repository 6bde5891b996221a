import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { readAssociation1, readAssociation2 } from './security-association.ts';

describe('security associations of IKE', () => {
  it('are read from attributes of IKEv1, short and long', () => {
    const attributes = bytes(u16(0x8001), u16(7), u16(0x8002), u16(2), u16(12), u16(4), u32(86_400));
    const transform = bytes(0, 0, u16(8 + attributes.length), 1, 1, u16(0), attributes);
    const proposal = bytes(0, 0, u16(8 + transform.length), 1, 1, 0, 1, transform);
    expect([...readAssociation1(bytes(u32(1), u32(1), proposal))]).toEqual([
      ['alg_enc', [7]],
      ['alg_hash', [2]],
      ['sa_life_duration', [86_400]],
    ]);
  });

  it('are read from transforms of IKEv2', () => {
    const encryption = bytes(3, 0, u16(12), 1, 0, u16(12), u16(0x800e), u16(256));
    const group = bytes(0, 0, u16(8), 4, 0, u16(14));
    const proposal = bytes(0, 0, u16(8 + 20), 1, 1, 0, 2, encryption, group);
    expect([...readAssociation2(proposal)]).toEqual([
      ['alg_enc', [12]],
      ['sa_key_length', [256]],
      ['alg_dh', [14]],
    ]);
  });

  it('end where their bytes do', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        for (const values of [readAssociation1(any), readAssociation2(any)]) {
          expect([...values.values()].flat().every(Number.isSafeInteger)).toBe(true);
        }
      }),
    );
  });
});
