import { draft } from '../datagram-room.ts';
import { defineDelimitedRoom } from '../delimited-room.ts';
import type { MessageReader } from '../framed-room.ts';
import { transactionView } from '../transaction-view.ts';
import { parseDatex } from './record.ts';
import type { DatexRecord } from './types.ts';

/** Records have 1490 bytes at most; each may be escaped. */
const MAXIMUM_BYTES = 4096;
const FLAG = 0x7e;

const createReader = (): MessageReader<DatexRecord> => ({
  message: (frame, direction, context) => {
    const described = parseDatex(frame);
    if (described === undefined) return true;
    const { activity, content } = described;
    const view = { 'datex_ohmeda.activity': activity, 'datex_ohmeda.content': content };
    context.inspect?.(direction, transactionView('datex-ohmeda', view));
    const sentBy = direction === 'to-server' ? 'client' : 'server';
    context.emit({ protocol: 'datex-ohmeda', ...described, sentBy }, direction);
    return true;
  },
});

export const datexOhmeda = defineDelimitedRoom<DatexRecord>({
  id: 'datex-ohmeda',
  title: 'Patient monitors (Datex-Ohmeda S/5 computer interface)',
  standards: ['GE Datex-Ohmeda 8005313, S/5 Record Interface specification', 'GE 2050802-001, S/5 computer interface'],
  // A record begins with its length, whose low byte may be anything: the flag before it tells.
  firstBytes: [FLAG],
  delimiter: FLAG,
  maximumBytes: MAXIMUM_BYTES,
  isMessage: (frame) => parseDatex(frame) !== undefined,
  createReader,
  evidence: ({ activity, sentBy, plug, level }) => {
    if (activity === 'request') return draft('datex-ohmeda.role', 'collector', sentBy);
    return [
      ...draft('datex-ohmeda.role', 'monitor', sentBy),
      ...(plug === 0 ? [] : draft('datex-ohmeda.plug', String(plug), sentBy)),
      ...draft('datex-ohmeda.level', String(level), sentBy),
    ];
  },
});
