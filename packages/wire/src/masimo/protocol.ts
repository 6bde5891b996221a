import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineDelimitedRoom } from '../delimited-room.ts';
import type { MessageReader } from '../framed-room.ts';
import type { ProtocolRecord } from '../protocol.ts';

const LINE =
  /^\n?[01]\d\/[0-3]\d\/\d\d [0-2]\d:[0-5]\d:[0-5]\d (?:SN=([\d-]{10}) )?SPO2=[\d-]{3}% BPM=[\d-]{3} PI=[\d.-]{5,6}%?[ \r]/;
/** As much of it as is there. */
const BEGINNING = /^\n?(?:[01](?:\d(?:\/(?:[0-3](?:\d(?:\/.*)?)?)?)?)?)?$/s;
const PARAMETER = /\b([A-Z][A-Z0-9]{1,9})=/g;
const MAXIMUM_BYTES = 400;
const MAXIMUM_PARAMETERS = 24;
/** Carry no measurement. */
const NO_MEASUREMENTS = new Set(['SN', 'ALARM', 'EXC', 'EXC1']);
const NONE: ReadonlySet<string> = new Set(['', '-', '0']);

/** What a pulse oximeter says of itself, once for each connection: which parameters it has, never their values. */
export interface MasimoRecord extends ProtocolRecord {
  readonly protocol: 'masimo';
  readonly activity: 'status';
  readonly serial: string;
  readonly parameters: readonly string[];
  readonly sentBy: 'client' | 'server';
}

function serialIn(text: string): string {
  const [, serial = ''] = LINE.exec(text) ?? [];
  const digits = serial.replace(/^[0-]+/, '');
  return NONE.has(digits) ? '' : digits;
}

const createReader = (): MessageReader<MasimoRecord> => ({
  message: (bytes, direction, context) => {
    const text = latin1(bytes);
    const names = [...text.matchAll(PARAMETER)].map(([, name = '']) => name);
    const parameters = [...new Set(names)].filter((name) => !NO_MEASUREMENTS.has(name)).slice(0, MAXIMUM_PARAMETERS);
    const sentBy = direction === 'to-server' ? 'client' : 'server';
    context.emit({ protocol: 'masimo', activity: 'status', serial: serialIn(text), parameters, sentBy }, direction);
    // Further lines say the same with other values.
    return false;
  },
});

export const masimo = defineDelimitedRoom<MasimoRecord>({
  id: 'masimo',
  title: 'Pulse oximeters (Masimo serial text)',
  standards: ['Masimo Radical-7, Rad-8 and Rad-57 operator manuals, serial output "ASCII 1"'],
  firstBytes: [0x30, 0x31, 0x0a],
  delimiter: 0x0d,
  maximumBytes: MAXIMUM_BYTES,
  mayBegin: (start) => BEGINNING.test(latin1(start)),
  isMessage: (message) => LINE.test(`${latin1(message)}\r`),
  createReader,
  evidence: ({ serial, sentBy }) => [
    ...draft('masimo.role', 'pulse-oximeter', sentBy),
    ...draft('masimo.serial', serial, sentBy),
  ],
});
