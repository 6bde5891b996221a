import type { ServiceClassName } from './sop-classes.ts';
import type { DimseOperation } from './types.ts';

type Names = ReadonlyMap<number, string>;

/** Status values that mean the same for every operation (PS3.7 annex C). */
const GENERAL: Names = new Map([
  [0x0000, 'success'],
  [0x0001, 'success, requested optional attributes are not supported'],
  [0x0105, 'no such attribute'],
  [0x0106, 'invalid attribute value'],
  [0x0107, 'attribute list error'],
  [0x0110, 'processing failure'],
  [0x0111, 'duplicate SOP instance'],
  [0x0112, 'no such SOP instance'],
  [0x0113, 'no such event type'],
  [0x0114, 'no such argument'],
  [0x0115, 'invalid argument value'],
  [0x0116, 'attribute value out of range'],
  [0x0117, 'invalid SOP instance'],
  [0x0118, 'no such SOP class'],
  [0x0119, 'class-instance conflict'],
  [0x0120, 'missing attribute'],
  [0x0121, 'missing attribute value'],
  [0x0122, 'refused: SOP class not supported'],
  [0x0123, 'no such action'],
  [0x0124, 'refused: not authorized'],
  [0x0210, 'duplicate invocation'],
  [0x0211, 'unrecognized operation'],
  [0x0212, 'mistyped argument'],
  [0x0213, 'resource limitation'],
  [0xfe00, 'cancelled'],
  [0xff00, 'pending'],
  [0xff01, 'pending, optional keys are not supported'],
]);

/** PS3.4 B.2.3, GG.4.2. */
const STORE: Names = new Map([
  [0xb000, 'warning: coercion of data elements'],
  [0xb006, 'warning: elements discarded'],
  [0xb007, 'warning: data set does not match SOP class'],
]);

/** PS3.4 C.4.2.1.5, C.4.3.1.4; frames Y.4.1.1.4. */
const RETRIEVE: Names = new Map([
  [0xa701, 'refused: out of resources, unable to calculate number of matches'],
  [0xa702, 'refused: out of resources, unable to perform sub-operations'],
  [0xa801, 'refused: move destination unknown'],
  [0xaa00, 'none of the frames was found'],
  [0xaa01, 'unable to create a new object of this SOP class'],
  [0xaa02, 'unable to extract frames'],
  [0xaa03, 'time asked for in an object that has none'],
  [0xaa04, 'invalid request'],
  [0xb000, 'sub-operations complete, one or more failures'],
]);

/** PS3.4 H.4. */
const PRINT: Names = new Map([
  [0xb600, 'warning: memory allocation not supported'],
  [0xb601, 'warning: collation of film session not supported'],
  [0xb602, 'warning: film session without image (empty page)'],
  [0xb603, 'warning: film box without image (empty page)'],
  [0xb604, 'warning: image demagnified to fit'],
  [0xb605, 'warning: requested density outside the range of the printer'],
  [0xb609, 'warning: image cropped to fit'],
  [0xb60a, 'warning: image decimated to fit'],
  [0xc600, 'film session without film box'],
  [0xc601, 'print queue is full'],
  [0xc602, 'print queue is full'],
  [0xc603, 'image is larger than its box'],
  [0xc605, 'not enough memory in the printer'],
  [0xc613, 'combined print image is larger than its box'],
  [0xc616, 'an existing film box was not printed'],
]);

/** PS3.4 CC.2. */
const PROCEDURE_STEP: Names = new Map([
  [0xb300, 'warning: procedure step created with modifications'],
  [0xb301, 'warning: deletion lock not granted'],
  [0xb304, 'warning: already in the state canceled'],
  [0xb305, 'warning: coerced invalid values to valid ones'],
  [0xb306, 'warning: already in the state completed'],
  [0xc300, 'procedure step may no longer be updated'],
  [0xc301, 'correct transaction UID was not provided'],
  [0xc302, 'procedure step is already in progress'],
  [0xc303, 'procedure step may only become scheduled by creation'],
  [0xc304, 'requirements of the final state are not met'],
  [0xc307, 'no such procedure step'],
  [0xc308, 'receiving AE title is unknown'],
  [0xc309, 'state of a new procedure step was not scheduled'],
  [0xc310, 'procedure step is not yet in progress'],
  [0xc311, 'procedure step is already completed'],
  [0xc312, 'performer cannot be contacted'],
  [0xc313, 'performer chooses not to cancel'],
  [0xc314, 'action is not appropriate for this instance'],
  [0xc315, 'event reports are not supported'],
]);

/** Tables of services whose SOP classes have values of their own. */
const OF_SERVICE: Partial<Record<ServiceClassName, Names>> = {
  'print management': PRINT,
  'unified procedure step': PROCEDURE_STEP,
  // PS3.4 Q.2.1.1.4.
  'relevant patient information': new Map([
    [0xc100, 'more than one match'],
    [0xc200, 'requested template is not supported'],
  ]),
  // PS3.4 P.2.2.1.3.
  'procedural event logging': new Map([
    [0xb101, 'warning: another synchronization frame of reference'],
    [0xb102, 'warning: logged under another study'],
    [0xb104, 'warning: identifiers inconsistent, event logged'],
    [0xc101, 'no logging for this study'],
    [0xc102, 'event does not match its template'],
    [0xc103, 'event matches no current study'],
    [0xc104, 'identifiers inconsistent, event not logged'],
  ]),
  // PS3.4 V.4.2, V.5.2.
  'substance administration': new Map([
    [0xc10e, 'operator may not add to the medication record'],
    [0xc110, 'patient cannot be identified'],
    [0xc111, 'medication record was not updated'],
  ]),
  // PS3.4 S.3.2.
  'media creation': new Map([
    [0xa510, 'refused: creation was already asked for'],
    [0xc201, 'media creation is already completed'],
    [0xc202, 'media creation is in progress and cannot be stopped'],
    [0xc203, 'cancellation denied'],
  ]),
  // PS3.4 DD.3.2.
  'machine verification': new Map([
    [0xc112, 'no such verification'],
    [0xc221, 'fraction group is not in the plan'],
    [0xc222, 'fraction group without beams'],
    [0xc223, 'another verification is in progress'],
    [0xc224, 'beam is not in the fraction group'],
    [0xc225, 'device or accessory is not supported'],
    [0xc226, 'device or accessory is not in the beam'],
    [0xc227, 'plan was not found'],
  ]),
};

const RANGES: readonly { readonly first: number; readonly last: number; readonly name: string }[] = [
  { first: 0xa700, last: 0xa7ff, name: 'refused: out of resources' },
  { first: 0xa900, last: 0xa9ff, name: 'data set or identifier does not match SOP class' },
  { first: 0xc000, last: 0xcfff, name: 'cannot understand, or unable to process' },
];

/**
 * @param service service class of the SOP class; empty where it is not known, so that print management and procedure steps,
 * whose values do not meet, are both looked up
 * @returns a DIMSE status in words; the number in hexadecimal where no standard names it
 */
export function statusName(operation: string, status: number, service: ServiceClassName | '' = ''): string {
  const name = tablesFor(operation, service)
    .find((table) => table.has(status))
    ?.get(status);
  const range = RANGES.find(({ first, last }) => status >= first && status <= last);
  const hexadecimal = status.toString(16).toUpperCase().padStart(4, '0');
  return name ?? GENERAL.get(status) ?? range?.name ?? `status ${hexadecimal}H`;
}

function tablesFor(operation: string, service: ServiceClassName | ''): readonly Names[] {
  if (operation === 'C-STORE') return [STORE];
  if (operation === 'C-MOVE' || operation === 'C-GET') return [RETRIEVE];
  const table = service === '' ? undefined : OF_SERVICE[service];
  if (table !== undefined) return [table];
  return service === '' && operation.startsWith('N-') ? [PRINT, PROCEDURE_STEP] : [];
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
