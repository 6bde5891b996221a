import { archiveStranger } from './archive-stranger.ts';
import { bruteForce } from './brute-force.ts';
import { dataTheft } from './data-theft.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import type { Drill } from './drill.ts';
import { flood } from './flood.ts';
import { lateralMovement } from './lateral-movement.ts';
import { mining } from './mining.ts';
import { obsolete } from './obsolete.ts';
import { ransomware } from './ransomware.ts';
import { rogueDevice } from './rogue-device.ts';
import { tampering } from './tampering.ts';

/** Every drill, in the order in which they are held. */
export const DRILLS: readonly Drill[] = [
  ransomware,
  tampering,
  flood,
  dataTheft,
  obsolete,
  mining,
  rogueDevice,
  bruteForce,
  dnsTunnel,
  lateralMovement,
  archiveStranger,
];

/** @throws Error with the names that there are */
export function findDrill(id: string): Drill {
  const drill = DRILLS.find((each) => each.id === id);
  if (drill !== undefined) return drill;
  throw new Error(`There is no drill "${id}". There are: ${DRILLS.map((each) => each.id).join(', ')}.`);
}
