import type { AssetPlace } from '@sphinx/platform';
import type { AlertSubject } from '@sphinx/schema';

/** The kind that all persons are of: who is new is compared with the others. */
export const USERS = 'user';
const PREFIX = 'user ';

/** What a person is called where devices are called by their address. */
export function userKey(name: string): string {
  return `${PREFIX}${name}`;
}

/** @returns a person as devices have a place; undefined for an address */
export function userPlace(actor: string): AssetPlace | undefined {
  return actor.startsWith(PREFIX) ? { asset: actor, kind: USERS, zone: '' } : undefined;
}

/** Whose behaviour it is: a host or a person. */
export function actorSubject(actor: string, role: AlertSubject['role'] = 'actor'): AlertSubject {
  return actor.startsWith(PREFIX)
    ? { role, type: 'user', value: actor.slice(PREFIX.length) }
    : { role, type: 'ip', value: actor };
}
