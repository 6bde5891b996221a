import type { AssetFactName } from '@sphinx/schema';
import type { Check } from '../checks/check.ts';
import { type Selector, sourceOf } from '../checks/selector.ts';

/** Facts that a maker gives its device, as opposed to those that a hospital gives it. */
const OF_THE_DEVICE: readonly AssetFactName[] = ['manufacturer', 'model', 'serial', 'software', 'operatingSystem'];

/**
 * Checks that judge the device alone: what it shows, offers and is made of. Who talks to it, where it stands and what people of
 * the hospital say of it is not its maker's business.
 *
 * @returns their ids
 */
export function deviceChecksOf(checks: readonly Check[]): ReadonlySet<string> {
  return new Set(
    checks
      .filter(({ looksAt, appliesTo }) => appliesTo?.zones === undefined && looksAt.every(isAboutDevice))
      .map(({ id }) => id),
  );
}

function isAboutDevice(selector: Selector): boolean {
  if ('peer' in selector || 'conflict' in selector || 'sighting' in selector || 'change' in selector) return false;
  if ('fact' in selector) return OF_THE_DEVICE.includes(selector.fact);
  if ('stated' in selector) return sourceOf(selector) === 'documents';
  return true;
}
