import type { Direction } from '../protocol.ts';
import type { CommandSet } from './command-set.ts';
import { DATA_SET_HEAD_BYTES } from './data-set.ts';
import { REFERENCES_BYTES } from './references.ts';
import { serviceClassOf } from './uids.ts';

/** Objects of one association whose head is read; all of a series come from one device. */
const MAXIMUM_STORES_READ = 64;
export const PERFORMED_PROCEDURE_STEP = '1.2.840.10008.3.1.2.3.3';
export const PRINTER = '1.2.840.10008.5.1.1.16';

/**
 * How much of a data set is read.
 *
 * @param sopClass its UID, for answers that of the request
 * @param storesRead objects of this association whose head was read
 * @returns bytes, 0 where nothing in it tells a device, a query's level, a step's state or a count of objects
 */
export function wantedBytes(
  { operation, isResponse, hasMoveOriginator }: CommandSet,
  sopClass: string,
  direction: Direction,
  storesRead: number,
): number {
  switch (operation) {
    case 'C-STORE': {
      // Only what a client stores of its own accord tells about the client: answers to C-GET and objects that move on
      // somebody's request were made by other devices.
      const isOwn = direction === 'to-server' && !isResponse && !hasMoveOriginator;
      return isOwn && storesRead < MAXIMUM_STORES_READ ? DATA_SET_HEAD_BYTES : 0;
    }
    case 'C-FIND':
      return isResponse ? 0 : DATA_SET_HEAD_BYTES;
    case 'C-MOVE':
    case 'C-GET':
      return isResponse ? REFERENCES_BYTES : DATA_SET_HEAD_BYTES;
    default:
      return sopClass === PRINTER ? printer(operation, isResponse) : normalized(sopClass, isResponse);
  }
}

/** A printer tells of itself when it is asked and when its state changes. */
function printer(operation: string, isResponse: boolean): number {
  const isTold = (operation === 'N-GET' && isResponse) || (operation === 'N-EVENT-REPORT' && !isResponse);
  return isTold ? DATA_SET_HEAD_BYTES : 0;
}

function normalized(sopClass: string, isResponse: boolean): number {
  if (isResponse) return 0;
  switch (serviceClassOf(sopClass)) {
    case 'storage commitment':
    case 'instance availability':
      return REFERENCES_BYTES;
    case 'performed procedure step':
    case 'unified procedure step':
      return DATA_SET_HEAD_BYTES;
    default:
      return 0;
  }
}
