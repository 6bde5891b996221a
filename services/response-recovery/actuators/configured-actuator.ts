import { isIP } from 'node:net';
import { z } from 'zod';

const Network = z.union([z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()]);

/** Which devices an actuator serves; everything where nothing is named. */
export const ActuatorScope = z
  .object({
    networks: z.array(Network).max(1000).default([]).meta({ description: 'CIDR notation' }),
    devices: z.array(z.string().min(1).max(300)).max(10_000).default([]).meta({ description: 'Ids of assets' }),
  })
  .meta({ id: 'ActuatorScope' });
export type ActuatorScope = z.infer<typeof ActuatorScope>;

export const ActuatorName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use small letters, digits and hyphens, for example core-firewall')
  .max(60);

/** An actuator as a person set it up. Secrets are kept elsewhere, sealed. */
export interface ConfiguredActuator {
  readonly id: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly scope: ActuatorScope;
  /** Of several that could do it, the lowest number does. */
  readonly priority: number;
  readonly isEnabled: boolean;
  readonly addedBy: string;
  readonly addedAt: number;
}

/** What a command is about, as far as a scope asks. */
export interface CommandPlace {
  readonly addresses: readonly string[];
  readonly deviceIds: readonly string[];
}

/** A scope limits what is done to devices of the hospital; accounts and addresses outside are in no scope and in every one. */
export function isInScope({ networks, devices }: ActuatorScope, { addresses, deviceIds }: CommandPlace): boolean {
  if (networks.length === 0 && devices.length === 0) return true;
  if (addresses.length === 0 && deviceIds.length === 0) return true;
  if (deviceIds.length > 0 && deviceIds.every((id) => devices.includes(id))) return true;
  return addresses.length > 0 && addresses.every((address) => networks.some((network) => isWithin(address, network)));
}

function isWithin(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(base) !== family) return false;
  const [a, b] = [bitsOf(address, family), bitsOf(base, family)];
  const length = bits === undefined ? a.length : Number(bits);
  return a.slice(0, length) === b.slice(0, length);
}

function bitsOf(address: string, family: number): string {
  if (family === 4) {
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  // RFC 4291 §2.2: "::" stands for groups of zeros; the last two groups may be written as IPv4.
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_whole, a, b, c, d) =>
    [a * 256 + Number(b), c * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}
