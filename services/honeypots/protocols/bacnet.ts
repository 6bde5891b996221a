import type { DecoyContext } from '../decoys/decoy-context.ts';
import { fullName } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';

// BACnet/IP (ASHRAE 135 annex J): Who-Is and I-Am (clauses 16.10), ReadProperty (clause 15.5) of the device object.

const BVLC = 0x81;
const UNICAST = 0x0a;
const BROADCAST = 0x0b;
const UNCONFIRMED = 0x10;
const WHO_IS = 8;
const READ_PROPERTY = 12;
const WRITE_PROPERTY = 15;
const DEVICE = 8;
const UNKNOWN_PROPERTY = 32;
const PROPERTY_CLASS = 2;
const SERVICES_CLASS = 5;
const ACCESS_DENIED = 29;

/** A controller of a building that names itself and lets nothing be changed. One datagram, one answer of about its size. */
export function bacnetDevice(service: ServiceOf<'bacnet'>, context: DecoyContext, peer: Peer): Conversation {
  const texts: Readonly<Record<number, string>> = {
    121: service.vendor,
    77: fullName(context.identity),
    70: service.model,
    44: service.firmware,
    12: service.firmware,
    28: service.model,
    58: 'Basement',
  };
  return {
    receive(bytes) {
      const apdu = apduOf(bytes);
      if (apdu === undefined) {
        peer.note('malformed', 'sent what is no BACnet');
        return;
      }
      const [type = 0] = apdu;
      if (type === UNCONFIRMED) {
        peer.note('request', apdu[1] === WHO_IS ? 'asked who is there' : `unconfirmed service ${apdu[1] ?? 0}`);
        if (apdu[1] === WHO_IS) peer.send(framed(iAm(service)));
        return;
      }
      if (type >> 4 !== 0 || apdu.length < 4) return;
      const [, , invoke = 0, choice = 0] = apdu;
      if (choice === READ_PROPERTY) {
        const property = apdu.length >= 11 && apdu[9] === 0x19 ? (apdu[10] ?? 0) : -1;
        peer.note('request', `read property ${property}`, { property });
        peer.send(framed(propertyAnswer(invoke, property, texts, service)));
      } else {
        peer.note(choice === WRITE_PROPERTY ? 'upload' : 'request', `confirmed service ${choice}, which is refused`, {
          service: choice,
        });
        peer.send(framed(errorAnswer(invoke, choice, SERVICES_CLASS, ACCESS_DENIED)));
      }
    },
  };
}

/** @returns what is behind the link and the network layer */
function apduOf(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 8 || bytes[0] !== BVLC || (bytes[1] !== UNICAST && bytes[1] !== BROADCAST)) return undefined;
  if (bytes.readUInt16BE(2) !== bytes.length || bytes[4] !== 1) return undefined;
  const control = bytes[5] ?? 0;
  if ((control & 0x80) !== 0) return undefined;
  let at = 6;
  if ((control & 0x20) !== 0) at += 3 + (bytes[at + 2] ?? 0);
  if ((control & 0x08) !== 0) at += 3 + (bytes[at + 2] ?? 0);
  if ((control & 0x20) !== 0) at += 1;
  return at < bytes.length ? bytes.subarray(at) : undefined;
}

function iAm({ instance, vendorId }: ServiceOf<'bacnet'>): Buffer {
  const vendor = Buffer.from([0x22, vendorId >> 8, vendorId & 0xff]);
  return Buffer.concat([
    Buffer.from([UNCONFIRMED, 0, 0xc4]),
    objectId(instance),
    Buffer.from([0x22, 0x05, 0xc4, 0x91, 3]),
    vendor,
  ]);
}

function propertyAnswer(
  invoke: number,
  property: number,
  texts: Readonly<Record<number, string>>,
  { instance, vendorId }: ServiceOf<'bacnet'>,
): Buffer {
  const text = texts[property];
  const value =
    property === 75
      ? Buffer.concat([Buffer.from([0xc4]), objectId(instance)])
      : property === 120
        ? Buffer.from([0x22, vendorId >> 8, vendorId & 0xff])
        : text === undefined
          ? undefined
          : characters(text);
  if (value === undefined) return errorAnswer(invoke, READ_PROPERTY, PROPERTY_CLASS, UNKNOWN_PROPERTY);
  const head = Buffer.concat([
    Buffer.from([0x30, invoke, READ_PROPERTY, 0x0c]),
    objectId(instance),
    Buffer.from([0x19, property, 0x3e]),
  ]);
  return Buffer.concat([head, value, Buffer.from([0x3f])]);
}

function errorAnswer(invoke: number, choice: number, errorClass: number, code: number): Buffer {
  return Buffer.from([0x50, invoke, choice, 0x91, errorClass, 0x91, code]);
}

function characters(text: string): Buffer {
  const bytes = Buffer.from(text.slice(0, 200), 'utf8');
  return Buffer.concat([Buffer.from([0x75, bytes.length + 1, 0]), bytes]);
}

function objectId(instance: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(((DEVICE << 22) | instance) >>> 0);
  return bytes;
}

function framed(apdu: Buffer): Buffer {
  const head = Buffer.from([BVLC, UNICAST, 0, 0, 1, 0]);
  head.writeUInt16BE(head.length + apdu.length, 2);
  return Buffer.concat([head, apdu]);
}
