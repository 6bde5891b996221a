import type { DimseOperation } from './types.ts';

/** Status values that mean the same for every operation (PS3.7 annex C). */
const GENERAL: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'success, requested optional attributes are not supported',
  261: 'no such attribute',
  262: 'invalid attribute value',
  263: 'attribute list error',
  272: 'processing failure',
  273: 'duplicate SOP instance',
  274: 'no such SOP instance',
  275: 'no such event type',
  276: 'no such argument',
  277: 'invalid argument value',
  278: 'attribute value out of range',
  279: 'invalid SOP instance',
  280: 'no such SOP class',
  281: 'class-instance conflict',
  288: 'missing attribute',
  289: 'missing attribute value',
  290: 'refused: SOP class not supported',
  291: 'no such action',
  292: 'refused: not authorized',
  528: 'duplicate invocation',
  529: 'unrecognized operation',
  530: 'mistyped argument',
  531: 'resource limitation',
  65024: 'cancelled',
  65280: 'pending',
  65281: 'pending, optional keys are not supported',
};

/** What the storage service adds (PS3.4 B.2.3). */
const OF_STORE: Readonly<Record<number, string>> = {
  45056: 'warning: coercion of data elements',
  45062: 'warning: elements discarded',
  45063: 'warning: data set does not match SOP class',
};

/** What query/retrieve adds (PS3.4 C.4.2, C.4.3). */
const OF_RETRIEVE: Readonly<Record<number, string>> = {
  42753: 'refused: out of resources, unable to calculate number of matches',
  42754: 'refused: out of resources, unable to perform sub-operations',
  43009: 'refused: move destination unknown',
  45056: 'sub-operations complete, one or more failures',
};

/** What print management (PS3.4 annex H) and unified procedure steps (annex CC) add. */
const OF_NORMALIZED: Readonly<Record<number, string>> = {
  45825: 'warning: procedure step created with modifications',
  45828: 'warning: already in the state canceled',
  45829: 'warning: coerced invalid values to valid ones',
  45830: 'warning: already in the state completed',
  46592: 'warning: memory allocation not supported',
  46593: 'warning: collation of film session not supported',
  46594: 'warning: film session without image (empty page)',
  46595: 'warning: film box without image (empty page)',
  46596: 'warning: image demagnified to fit',
  46597: 'warning: requested density outside the range of the printer',
  46601: 'warning: image cropped to fit',
  46602: 'warning: image decimated to fit',
  49920: 'procedure step may no longer be updated',
  49921: 'correct transaction UID was not provided',
  49922: 'procedure step is already in progress',
  49923: 'procedure step may only become scheduled by creation',
  49924: 'requirements of the final state are not met',
  49927: 'no such procedure step',
  49928: 'receiving AE title is unknown',
  49929: 'state of a new procedure step was not scheduled',
  49936: 'procedure step is not yet in progress',
  49937: 'procedure step is already completed',
  49938: 'performer cannot be contacted',
  49939: 'performer chooses not to cancel',
  49940: 'action is not appropriate for this instance',
  49941: 'event reports are not supported',
  50688: 'film session without film box',
  50689: 'print queue is full',
  50690: 'print queue is full',
  50691: 'image is larger than its box',
  50693: 'not enough memory in the printer',
  50707: 'combined print image is larger than its box',
  50710: 'an existing film box was not printed',
};

const RANGES: readonly { readonly first: number; readonly last: number; readonly name: string }[] = [
  { first: 0xa700, last: 0xa7ff, name: 'refused: out of resources' },
  { first: 0xa900, last: 0xa9ff, name: 'data set or identifier does not match SOP class' },
  { first: 0xc000, last: 0xcfff, name: 'cannot understand, or unable to process' },
];

/** @returns a DIMSE status in words; the number in hexadecimal where no standard names it */
export function statusName(operation: string, status: number): string {
  const service: Readonly<Record<number, string>> = ofService(operation);
  const range = RANGES.find(({ first, last }) => status >= first && status <= last);
  const hexadecimal = status.toString(16).toUpperCase().padStart(4, '0');
  return service[status] ?? GENERAL[status] ?? range?.name ?? `status ${hexadecimal}H`;
}

function ofService(operation: string): Readonly<Record<number, string>> {
  switch (operation) {
    case 'C-STORE':
      return OF_STORE;
    case 'C-MOVE':
    case 'C-GET':
      return OF_RETRIEVE;
    default:
      return operation.startsWith('N-') ? OF_NORMALIZED : {};
  }
}

/** Class of a status (PS3.7 annex C.1 to C.5). */
export function outcomeOf(status: number | undefined): DimseOperation['outcome'] {
  if (status === undefined) return 'unanswered';
  if (status === 0) return 'success';
  if (status === 0xfe00) return 'cancel';
  if (isPending(status)) return 'pending';
  const isWarning = status === 0x0001 || status === 0x0107 || status === 0x0116 || status >>> 12 === 0xb;
  return isWarning ? 'warning' : 'failure';
}

/** PS3.7 annex C.3: the operation goes on. */
export function isPending(status: number | undefined): boolean {
  return status === 0xff00 || status === 0xff01;
}
