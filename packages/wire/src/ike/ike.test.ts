import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDetail } from '../exported/eve/detail-events.ts';
import { DEFAULT_EVE_SETTINGS } from '../exported/eve/settings.ts';
import type { Direction } from '../protocol.ts';
import { bytes, hex, u16, u32 } from '../testing/bytes.ts';
import { IkeConversation } from './conversation.ts';
import { merged, readProposals2, readTransforms1 } from './security-association.ts';

describe('security associations of IKE', () => {
  it('are read from attributes of IKEv1, short and long', () => {
    const attributes = bytes(u16(0x8001), u16(7), u16(0x8002), u16(2), u16(12), u16(4), u32(86_400));
    const transform = bytes(0, 0, u16(8 + attributes.length), 1, 1, u16(0), attributes);
    const proposal = bytes(0, 0, u16(8 + transform.length), 1, 1, 0, 1, transform);
    expect([...merged(readTransforms1(bytes(u32(1), u32(1), proposal)))]).toEqual([
      ['alg_enc', [7]],
      ['alg_hash', [2]],
      ['sa_life_duration', [86_400]],
    ]);
  });

  it('are read from transforms of IKEv2', () => {
    const encryption = bytes(3, 0, u16(12), 1, 0, u16(12), u16(0x800e), u16(256));
    const group = bytes(0, 0, u16(8), 4, 0, u16(14));
    const proposal = bytes(0, 0, u16(8 + 20), 1, 1, 0, 2, encryption, group);
    expect([...merged(readProposals2(proposal))]).toEqual([
      ['alg_enc', [12]],
      ['sa_key_length', [256]],
      ['alg_dh', [14]],
    ]);
  });

  it('end where their bytes do', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        for (const values of [merged(readTransforms1(any)), merged(readProposals2(any))]) {
          expect([...values.values()].flat().every(Number.isSafeInteger)).toBe(true);
        }
      }),
    );
  });
});

describe('a key exchange in EVE', () => {
  const payload = (next: number, body: Uint8Array) => bytes(next, 0, u16(4 + body.length), body);
  const message = (version: number, first: number, flags: number, body: Uint8Array) =>
    bytes(
      hex('0102030405060708'),
      hex('1112131415161718'),
      first,
      version,
      2,
      flags,
      u32(0),
      u32(28 + body.length),
      body,
    );
  /** What EVE tells of the messages, each by itself. */
  const told = (messages: readonly (readonly [Direction, Uint8Array])[], withContent: boolean) => {
    const conversation = new IkeConversation();
    return messages.map(([direction, one]) => {
      const detail = conversation.message(one, direction);
      return describeDetail(detail, withContent, DEFAULT_EVE_SETTINGS)?.members;
    });
  };

  it('of version 1 tells what was offered and chosen, and keys and nonces only with content', () => {
    const attributes = bytes(u16(0x8001), u16(7), u16(0x8004), u16(2), u16(12), u16(4), u32(86_400));
    const transform = bytes(0, 0, u16(8 + attributes.length), 1, 1, u16(0), attributes);
    const proposal = bytes(0, 0, u16(8 + transform.length), 1, 1, 0, 1, transform);
    const association = message(0x10, 1, 0, payload(0, bytes(u32(1), u32(1), proposal)));
    const keys = message(0x10, 4, 0, bytes(payload(10, hex('aabbcc')), payload(0, hex('dd'))));
    const offered = {
      alg_enc: 'EncAesCbc',
      alg_enc_raw: 7,
      alg_dh: 'GroupAlternate1024BitModpGroup',
      alg_dh_raw: 2,
      sa_life_duration: 'Unknown',
      sa_life_duration_raw: 86_400,
    };
    const messages = [
      ['to-server', association],
      ['to-client', association],
      ['to-server', keys],
    ] as const;
    const client = { key_exchange_payload_length: 3, nonce_payload_length: 1, proposals: [offered] };
    expect(told(messages, false).at(-1)).toEqual({
      version_major: 1,
      version_minor: 0,
      init_spi: '0102030405060708',
      resp_spi: '1112131415161718',
      message_id: 0,
      exchange_type: 2,
      ...offered,
      ikev1: { encrypted_payloads: false, client, server: { proposals: [offered] } },
    });
    const payloads = { key_exchange_payload: 'aabbcc', nonce_payload: 'dd' };
    expect(told(messages, true).at(-1)).toMatchObject({ ikev1: { client: { ...client, ...payloads } } });
    expect(told([['to-server', association]], true)[0]).not.toHaveProperty('alg_enc');
  });

  it('of version 2 tells who speaks, the kinds of payloads, and the algorithms that were chosen', () => {
    const transforms = bytes(3, 0, u16(12), 1, 0, u16(20), u16(0x800e), u16(256), 0, 0, u16(8), 4, 0, u16(14));
    const proposal = bytes(0, 0, u16(8 + transforms.length), 1, 1, 0, 2, transforms);
    const answer = message(0x20, 33, 0x20, bytes(payload(46, proposal), payload(0, hex('ee'))));
    expect(told([['to-client', answer]], false)).toMatchObject([
      {
        version_major: 2,
        role: 'responder',
        payload: ['SecurityAssociation', 'EncryptedAndAuthenticated'],
        alg_enc: 'ENCR_AES_GCM_16',
        alg_dh: 'Modp2048',
      },
    ]);
  });
});
