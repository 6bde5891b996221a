import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideKeysAnew } from './keys.ts';
import {
  ATTRIBUTES,
  buildAnswer,
  buildRequest,
  CODES,
  isAuthentic,
  isAuthenticAnswer,
  macOf,
  readPacket,
  textOf,
} from './packet.ts';

const SECRET = Buffer.from('a secret of the switch');

function requestOf(attributes: readonly (readonly [number, Uint8Array])[]): Buffer {
  const all = [...attributes, [ATTRIBUTES.messageAuthenticator, new Uint8Array(16)] as const];
  const body = Buffer.concat(all.map(([type, value]) => Buffer.concat([Buffer.from([type, value.length + 2]), value])));
  const packet = Buffer.concat([Buffer.from([CODES.accessRequest, 7, 0, 0]), Buffer.alloc(16, 5), body]);
  packet.writeUInt16BE(packet.length, 2);
  packet.set(createHmac('md5', SECRET).update(packet).digest(), packet.length - 16);
  return packet;
}

describe('a RADIUS packet', () => {
  it('is read with its attributes, and believed only with a Message-Authenticator that fits', () => {
    const bytes = requestOf([[ATTRIBUTES.userName, Buffer.from('001122334455')]]);
    const packet = readPacket(bytes);
    expect(packet && textOf(packet, ATTRIBUTES.userName)).toBe('001122334455');
    expect(packet && isAuthentic(packet, SECRET)).toBe(true);
    expect(packet && isAuthentic(packet, Buffer.from('another secret'))).toBe(false);
    const changed = Buffer.from(bytes);
    changed[25] = 0x39;
    const forged = readPacket(changed);
    expect(forged && isAuthentic(forged, SECRET)).toBe(false);
  });

  it('without a Message-Authenticator is not believed', () => {
    const bytes = Buffer.concat([Buffer.from([1, 7, 0, 26]), Buffer.alloc(16), Buffer.from([1, 6, 65, 66, 67, 68])]);
    const packet = readPacket(bytes);
    expect(packet && isAuthentic(packet, SECRET)).toBe(false);
  });

  it('is answered with the Message-Authenticator first and with the VLAN', () => {
    const request = readPacket(requestOf([[ATTRIBUTES.proxyState, Buffer.from('p')]]));
    if (request === undefined) throw new Error('not read');
    const answer = readPacket(buildAnswer({ request, code: 2, secret: SECRET, vlan: '666', message: 'why' }));
    expect(answer?.attributes.map(({ type }) => type)).toEqual([80, 18, 64, 65, 81, 33]);
    expect(answer && textOf(answer, ATTRIBUTES.tunnelPrivateGroupId)).toBe('666');
    expect(answer?.identifier).toBe(7);
  });

  it('of any bytes never throws, and never reads beyond its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const packet = readPacket(bytes);
        if (packet === undefined) return true;
        const read = packet.attributes.reduce((sum, { value }) => sum + value.length + 2, 20);
        return read === packet.bytes.length && isAuthentic(packet, SECRET) === false;
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (noise, at) => {
        const bytes = requestOf([[ATTRIBUTES.userName, noise]]);
        bytes[at % bytes.length] = noise[0] ?? 0;
        const packet = readPacket(bytes);
        return packet === undefined || packet.attributes.length < 1000;
      }),
    );
  });

  it.each(['00:11:22:AA:BB:CC', '0011.22aa.bbcc', '00-11-22-aa-bb-cc', '001122aabbcc'])(
    'names an address as %s',
    (text) => {
      expect(macOf(text)).toBe('00:11:22:aa:bb:cc');
    },
  );

  it('names no address otherwise', () => {
    for (const text of ['alice', '', undefined, '001122aabbc', 'gg1122aabbcc']) expect(macOf(text)).toBeUndefined();
  });
});

describe('the keys of a session', () => {
  const [server, gate] = [
    { secret: Buffer.from('between server and gate'), authenticator: new Uint8Array(16).fill(1) },
    { secret: Buffer.from('between gate and switch'), authenticator: new Uint8Array(16).fill(2) },
  ];

  it('are hidden anew and not changed: hidden back they are as they came', () => {
    fc.assert(
      fc.property(fc.constantFrom(16, 17), fc.integer({ min: 1, max: 4 }), fc.nat(255), (kind, blocks, fill) => {
        const hidden = Buffer.alloc(2 + 16 * blocks, fill);
        const head = Buffer.from([0, 0, 1, 55, kind, hidden.length + 2]);
        const attribute = { type: ATTRIBUTES.vendorSpecific, value: Buffer.concat([head, hidden]) };
        const passed = hideKeysAnew(attribute, server, gate);
        expect(passed.value).not.toEqual(attribute.value);
        expect(hideKeysAnew(passed, gate, server)).toEqual(attribute);
      }),
    );
  });

  it('are the only thing that is touched, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 253 }), (type, value) => {
        const { type: same, value: passed } = hideKeysAnew({ type, value }, server, gate);
        expect([same, passed.length]).toEqual([type, value.length]);
        if (type !== ATTRIBUTES.vendorSpecific) expect(passed).toEqual(value);
      }),
    );
  });
});

describe('an answer of another server', () => {
  it('is believed only where it is to the request that was sent', () => {
    const authenticator = new Uint8Array(16).fill(9);
    const request = readPacket(buildRequest({ identifier: 3, authenticator, attributes: [], secret: SECRET }));
    if (request === undefined) throw new Error('not read');
    expect(isAuthentic(request, SECRET)).toBe(true);
    const answer = readPacket(buildAnswer({ request, code: 11, secret: SECRET, vlan: '', message: 'go on' }));
    if (answer === undefined) throw new Error('not read');
    expect(isAuthenticAnswer(answer, authenticator, SECRET)).toBe(true);
    expect(isAuthenticAnswer(answer, new Uint8Array(16), SECRET)).toBe(false);
    expect(isAuthenticAnswer(answer, authenticator, Buffer.from('another secret'))).toBe(false);
  });
});
