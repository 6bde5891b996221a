import type { AssetBook } from '../assets/asset-book.ts';
import { accountOf } from './read-signal.ts';
import type { Entity } from './signal.ts';

/**
 * @param stated names, addresses and accounts that the hospital states
 * @returns whether an entity is one of them, whichever of its names was stated
 */
export function professionalsOf(stated: readonly string[], assets: AssetBook): (entity: Entity) => boolean {
  const names = new Set(stated.map((name) => name.trim().toLowerCase()));
  const accounts = new Set(stated.map(accountOf));
  return ({ type, id, name }) => {
    if (names.size === 0) return false;
    if (type === 'user') return accounts.has(id);
    if (names.has(name.toLowerCase()) || names.has(id.toLowerCase())) return true;
    const card = type === 'asset' ? assets.get(id) : undefined;
    return card !== undefined && [...card.ips, ...card.hostnames].some((each) => names.has(each.toLowerCase()));
  };
}
