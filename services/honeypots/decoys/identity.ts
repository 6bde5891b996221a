import type { DecoyIdentity, Persona } from './persona.ts';
import { SeededRandom } from './seeded-random.ts';

/**
 * Names of a new decoy.
 *
 * @param seed the same seed gives the same names
 */
export function inventIdentity(persona: Persona, seed: string): DecoyIdentity {
  const random = new SeededRandom(seed);
  const hostName = random.pick(persona.hostNames).replace(/#/g, () => String(random.below(10)));
  return { hostName, domain: '', banners: {}, reasons: ['The network shows no custom that it could follow.'] };
}
