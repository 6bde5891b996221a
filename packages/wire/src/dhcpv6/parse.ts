import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { formatIpv6 } from '../ip/address.ts';
import type { Direction } from '../protocol.ts';
import type { Dhcpv6Record } from './types.ts';

const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: 'solicit',
  2: 'advertise',
  3: 'request',
  4: 'confirm',
  5: 'renew',
  6: 'rebind',
  7: 'reply',
  8: 'release',
  9: 'decline',
  10: 'reconfigure',
  11: 'information-request',
};
const SERVER_MESSAGES = new Set(['advertise', 'reply', 'reconfigure']);
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;
const OPTION_CLIENT_ID = 1;
const OPTION_SERVER_ID = 2;
const OPTION_IA_NA = 3;
const OPTION_IA_TA = 4;
const OPTION_IA_ADDRESS = 5;
const OPTION_REQUEST = 6;
const OPTION_RELAY_MESSAGE = 9;
const OPTION_USER_CLASS = 15;
const OPTION_VENDOR_CLASS = 16;
const OPTION_CLIENT_FQDN = 39;
/** RFC 8415 §7.6: HOP_COUNT_LIMIT. */
const MAXIMUM_RELAYS = 8;
const MAXIMUM_OPTIONS = 128;
const MAXIMUM_ADDRESSES = 16;
/** RFC 8415 §11.1: a DUID is 3 to 130 bytes, its type included. */
const MINIMUM_DUID_BYTES = 3;
const MAXIMUM_DUID_BYTES = 130;

/**
 * RFC 8415 §8 (messages), §9 (relayed messages), §21 (options); client FQDN RFC 4704.
 *
 * @returns undefined for what is no DHCPv6 message: its options must fill it exactly
 */
export function parseDhcpv6(bytes: Uint8Array, direction: Direction): Dhcpv6Record | undefined {
  let cursor = new ByteCursor(bytes);
  let type = cursor.uint8();
  let peerAddress: string | undefined;
  for (let relays = 0; type === RELAY_FORWARD || type === RELAY_REPLY; relays++) {
    cursor.skip(1 + 16);
    peerAddress = readIpv6(cursor);
    const message = readOptions(cursor)?.find(({ code }) => code === OPTION_RELAY_MESSAGE);
    if (message === undefined || relays >= MAXIMUM_RELAYS) return undefined;
    cursor = message.value;
    type = cursor.uint8();
  }
  const activity = MESSAGE_TYPES[type];
  cursor.skip(3);
  const options = cursor.isBroken || activity === undefined ? undefined : readOptions(cursor);
  // Every message but a bare information request names an end (RFC 8415 §16).
  const hasIdentity = options?.some(({ code }) => code === OPTION_CLIENT_ID || code === OPTION_SERVER_ID) ?? false;
  if (options === undefined || activity === undefined) return undefined;
  if (!hasIdentity && activity !== 'information-request') return undefined;
  return {
    protocol: 'dhcpv6',
    activity,
    isFromServer: SERVER_MESSAGES.has(activity),
    ...readFacts(options),
    peerAddress,
    sentBy: direction === 'to-server' ? 'client' : 'server',
  };
}

interface Option {
  readonly code: number;
  readonly value: ByteCursor;
}

/** @returns undefined when they do not end where the message ends */
function readOptions(cursor: ByteCursor): readonly Option[] | undefined {
  const options: Option[] = [];
  while (cursor.remaining > 0 && options.length < MAXIMUM_OPTIONS) {
    const code = cursor.uint16();
    const value = cursor.nested(cursor.uint16());
    if (cursor.isBroken) return undefined;
    options.push({ code, value });
  }
  return options;
}

type Facts = Pick<
  Dhcpv6Record,
  'clientDuid' | 'serverDuid' | 'fqdn' | 'vendorClass' | 'userClass' | 'optionRequest' | 'addresses'
>;

function readFacts(options: readonly Option[]): Facts {
  const facts = { clientDuid: '', serverDuid: '', fqdn: '', vendorClass: '', userClass: '', optionRequest: '' };
  const addresses: string[] = [];
  for (const { code, value } of options) {
    switch (code) {
      case OPTION_CLIENT_ID:
        facts.clientDuid = readDuid(value);
        break;
      case OPTION_SERVER_ID:
        facts.serverDuid = readDuid(value);
        break;
      case OPTION_IA_NA:
        value.skip(12);
        addresses.push(...readAddresses(value));
        break;
      case OPTION_IA_TA:
        value.skip(4);
        addresses.push(...readAddresses(value));
        break;
      case OPTION_REQUEST:
        facts.optionRequest = readCodes(value).join(',');
        break;
      case OPTION_USER_CLASS:
        facts.userClass = readTexts(value);
        break;
      case OPTION_VENDOR_CLASS:
        facts.vendorClass = [value.uint32(), readTexts(value)].join(' ').trim();
        break;
      case OPTION_CLIENT_FQDN:
        value.skip(1);
        facts.fqdn = readName(value);
        break;
      default:
    }
  }
  return { ...facts, addresses: addresses.slice(0, MAXIMUM_ADDRESSES) };
}

function readDuid(value: ByteCursor): string {
  if (value.remaining < MINIMUM_DUID_BYTES || value.remaining > MAXIMUM_DUID_BYTES) return '';
  return Buffer.from(value.slice(value.remaining)).toString('hex');
}

function readAddresses(association: ByteCursor): string[] {
  const options = readOptions(association) ?? [];
  return options
    .filter(({ code, value }) => code === OPTION_IA_ADDRESS && value.remaining >= 16)
    .map(({ value }) => readIpv6(value));
}

function readIpv6(cursor: ByteCursor): string {
  return formatIpv6(cursor.uint32() | 0, cursor.uint32() | 0, cursor.uint32() | 0, cursor.uint32() | 0);
}

function readCodes(value: ByteCursor): number[] {
  const codes: number[] = [];
  while (value.remaining >= 2 && codes.length < MAXIMUM_OPTIONS) codes.push(value.uint16());
  return codes;
}

/** Opaque texts, each behind a length of two bytes (RFC 8415 §21.15, §21.16). */
function readTexts(value: ByteCursor): string {
  const texts: string[] = [];
  while (value.remaining > 2 && texts.length < 16) texts.push(cleanText(latin1(value.slice(value.uint16())), 128));
  return texts.filter(Boolean).join(' ');
}

/** Labels of RFC 1035 §3.1 without compression, whole or without the end (RFC 4704 §4.2). */
function readName(value: ByteCursor): string {
  const labels: string[] = [];
  while (value.remaining > 0 && labels.length < 32) {
    const length = value.uint8();
    if (length === 0 || length > 63) break;
    labels.push(latin1(value.slice(length)).replace(/[^\w-]/g, ''));
  }
  return labels.filter(Boolean).join('.').slice(0, 255);
}
