import { isIP } from 'node:net';
import type { DeviceNames } from './report.ts';
import { plainText } from './report.ts';

/** What files write for what they do not know, and what every machine has. */
const NO_ADDRESS = /^(?:0\.0\.0\.0|127\.|::$|::1$|169\.254\.|fe80:)/i;
const NO_MAC = /^(?:00:00:00:00:00:00|ff:ff:ff:ff:ff:ff)$/;
const NO_NAME = /^(?:localhost(?:\..*)?|localhost\.localdomain|unknown|n\/?a|none|null|-)$/i;
const NO_SERIAL =
  /^(?:0+|n\/?a|none|null|unknown|not specified|not applicable|default string|system serial number|to be filled by o\.?e\.?m\.?|-|\.)$/i;

/** Any texts; what is no address or name, or one that every machine has, is left out. */
export function deviceNames(given: {
  readonly ips?: readonly (string | undefined)[];
  readonly macs?: readonly (string | undefined)[];
  readonly hostnames?: readonly (string | undefined)[];
  readonly serial?: string | undefined;
}): DeviceNames {
  const serial = plainText(given.serial ?? '', 128);
  return {
    ips: distinct(given.ips, addressOf, 64),
    macs: distinct(given.macs, macOf, 64),
    hostnames: distinct(given.hostnames, hostnameOf, 16),
    serial: serial === '' || NO_SERIAL.test(serial) ? undefined : serial,
  };
}

/** @returns whether a report says which device it is about */
export function hasNames({ ips, macs, hostnames, serial }: DeviceNames): boolean {
  return ips.length + macs.length + hostnames.length > 0 || serial !== undefined;
}

/** @returns undefined for a text that is no address of one machine */
export function addressOf(text: string): string | undefined {
  const address = text.trim().toLowerCase().replace(/%.*$/, '');
  return isIP(address) === 0 || NO_ADDRESS.test(address) ? undefined : address;
}

/** 00-12-21-0A-0B-0C, 0012.210a.0b0c and 0012210a0b0c are the same address. */
function macOf(text: string): string | undefined {
  const digits = text.trim().toLowerCase().replaceAll(/[.:-]/g, '');
  if (!/^[0-9a-f]{12}$/.test(digits)) return undefined;
  const mac = digits.match(/../g)?.join(':') ?? '';
  return NO_MAC.test(mac) ? undefined : mac;
}

function hostnameOf(text: string): string | undefined {
  const name = text.trim().replace(/\.$/, '');
  const isName = /^[\p{L}\p{N}_](?:[\p{L}\p{N}._-]{0,252})$/u.test(name) && isIP(name) === 0;
  return isName && !NO_NAME.test(name) ? name : undefined;
}

function distinct(
  texts: readonly (string | undefined)[] | undefined,
  read: (text: string) => string | undefined,
  most: number,
): string[] {
  const values = (texts ?? []).flatMap((text) => (text === undefined ? [] : (read(text) ?? [])));
  return [...new Map(values.map((value) => [value.toLowerCase(), value])).values()].slice(0, most);
}
