import type { Machine } from './machine.ts';
import type { Patient } from './patients.ts';
import type { DecoyIdentity } from './persona.ts';
import type { Site } from './site.ts';

/** All that the protocols of one decoy know. Plain values: it goes to the process of the decoys as a message. */
export interface DecoyContext {
  readonly identity: DecoyIdentity;
  readonly patients: readonly Patient[];
  readonly sites: Readonly<Record<string, Site>>;
  readonly machines: Readonly<Record<string, Machine>>;
}

/** @returns the text with the names of the decoy in it */
export function named(text: string, { hostName, domain }: DecoyIdentity): string {
  return text.replaceAll('{host}', hostName).replaceAll('{domain}', domain === '' ? 'local' : domain);
}

/** @returns host name with its domain, where there is one */
export function fullName({ hostName, domain }: DecoyIdentity): string {
  return domain === '' ? hostName : `${hostName}.${domain}`;
}
