import { isIP } from 'node:net';
import { isInternalAddress } from '@sphinx/platform';
import { type OpenC2Command, targetTypeOf } from '@sphinx/response';
import type { Device } from '../assets/device.ts';
import type { DeviceBook } from '../assets/device-book.ts';

/** What a command is about: devices of the inventory, or something else. */
export interface Touched {
  readonly devices: readonly Device[];
  /** A device that is meant and that the inventory does not know. */
  readonly unknownDevice: string | null;
  /** What it is about where that is no device: an address outside, a name, an account. */
  readonly other: string | null;
  /** Devices that were seen to work with `other`. */
  readonly neededBy: readonly Device[];
}

const NOTHING: Touched = { devices: [], unknownDevice: null, other: null, neededBy: [] };

/** @returns what a command is about, as the inventory knows it now */
export function touchedBy(command: OpenC2Command, book: DeviceBook): Touched {
  const { target } = command;
  if (target.device !== undefined) return ofDevice([target.device.device_id, target.device.hostname], book);
  if (target.mac_addr !== undefined) return ofDevice([target.mac_addr.replaceAll('-', ':')], book);
  const network = target.ipv4_net ?? target.ipv6_net;
  if (network !== undefined) return ofNetwork(network, book);
  const connection = target.ipv4_connection;
  if (connection !== undefined) return ofConnection([connection.src_addr, connection.dst_addr], book);
  const host = target['x-sphinx:rate-limit']?.service ?? target['x-sphinx:service']?.host;
  if (host !== undefined) return ofDevice([host], book);
  const verdict = target['x-sphinx:verdict']?.device;
  if (verdict !== undefined) return ofDevice([verdict], book);
  return { ...NOTHING, other: targetTypeOf(command) };
}

function ofDevice(names: readonly (string | undefined)[], book: DeviceBook): Touched {
  const [first = ''] = names;
  const devices = unique(names.flatMap((name) => (name === undefined ? [] : book.find(name))));
  return { ...NOTHING, devices, unknownDevice: devices.length === 0 ? first : null };
}

function ofNetwork(network: string, book: DeviceBook): Touched {
  const devices = book.within(network);
  if (devices.length > 0) return { ...NOTHING, devices };
  const [address = ''] = network.split('/');
  if (isInternalAddress(address)) return { ...NOTHING, unknownDevice: network };
  return { ...NOTHING, other: network, neededBy: book.talkingTo(address) };
}

function ofConnection(ends: readonly (string | undefined)[], book: DeviceBook): Touched {
  const devices = unique(ends.flatMap((end) => (end === undefined ? [] : book.within(end))));
  if (devices.length > 0) return { ...NOTHING, devices };
  return { ...NOTHING, other: ends.filter((end) => end !== undefined).join(' and ') || 'any connection' };
}

function unique(devices: readonly Device[]): readonly Device[] {
  return [...new Map(devices.map((device) => [device.id, device])).values()];
}

/** @returns addresses and hardware addresses that an actuator is to work on */
export function addressesOf(touched: Touched): { readonly addresses: string[]; readonly macAddresses: string[] } {
  const unknown = touched.unknownDevice;
  const isAddress = unknown !== null && isIP(unknown) !== 0;
  return {
    addresses: [...touched.devices.flatMap(({ ips }) => ips), ...(isAddress ? [unknown] : [])],
    macAddresses: touched.devices.flatMap(({ macs }) => macs),
  };
}
