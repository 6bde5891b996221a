import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import type { Principal } from './principal.ts';

/** Query of everything that is made for makers: a person of the house says as whom to look. */
export const MakerQuery = z.object({
  maker: z.string().min(1).max(200).optional().meta({
    description: 'One maker. A vendor may leave it out and sees all of its own; a person of the house names one',
  }),
});

/** The makers that whoever asks may see, and nothing else. */
export class MakerScope {
  readonly makers: readonly string[];
  readonly #keys: ReadonlySet<string>;

  /** @param makers names as the inventory has them */
  constructor(makers: readonly string[]) {
    this.makers = makers;
    this.#keys = new Set(makers.map(makerKey).filter((key) => key !== ''));
  }

  /** @returns whether a maker is one of them; a maker that nobody knows never is */
  has(maker: string | undefined): boolean {
    return maker !== undefined && this.#keys.has(makerKey(maker));
  }
}

/**
 * Says whose devices a request is about. A vendor is held to its own makers, whatever it asks for.
 *
 * @param asked maker of the query
 * @throws SphinxError SPX_FORBIDDEN for a maker that is not the vendor's, SPX_INVALID_INPUT where a person of the house names none
 */
export function makerScopeOf(principal: Principal, asked: string | undefined): MakerScope {
  const own = principal.makers === undefined ? undefined : new MakerScope(principal.makers);
  if (own === undefined) {
    if (asked !== undefined) return new MakerScope([asked]);
    throw new SphinxError('SPX_INVALID_INPUT', 'Name the maker whose view is meant: ?maker=…');
  }
  if (asked === undefined) return own;
  if (own.has(asked)) return new MakerScope([asked]);
  throw new SphinxError('SPX_FORBIDDEN', 'This account is not of that maker.');
}

/**
 * Letters and digits in lower case. Names must be the same to the last letter: Philips is not Philips Respironics, and who has
 * bought whom is no reason to show devices. An account that is of both names both.
 */
function makerKey(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
