import { plainName } from '../identity/plain-name.ts';

/** Words that makers, inventories and advisories add to the name of a device or leave out. */
const GENERIC = new Set(
  (
    'pump pumps infusion syringe large volume wireless wired device devices system systems series family module modules unit ' +
    'monitor monitors patient monitoring ventilator ventilators analyzer analyser scanner workstation programmer defibrillator ' +
    'imaging medical equipment product products all the of with and ultrasound machine machines station firmware software'
  ).split(' '),
);

/**
 * The name of a device without its maker and the words for what it is: `Smiths Medical Medfusion 4000 Wireless Syringe
 * Infusion Pump` is `medfusion4000`.
 *
 * @returns a plain name; empty where nothing is left that tells one device from another
 */
export function nameOfDevice(vendor: string, name: string): string {
  const words = name
    .replace(/[®™]|\(.*?\)/g, '')
    .split(/[\s,;:_-]+/)
    .filter((word) => word !== '');
  const makers = new Set(vendor.toLowerCase().split(/[\s,]+/));
  while (words.length > 1 && makers.has((words[0] ?? '').toLowerCase())) words.shift();
  while (words.length > 0 && GENERIC.has((words.at(-1) ?? '').toLowerCase())) words.pop();
  const plain = plainName(words.join(' '));
  // One or two letters, or a bare number, are too little to go by.
  return /[a-z]/.test(plain) && plain.length > 2 ? plain : '';
}
