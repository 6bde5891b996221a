import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { parseIntelliVue, type Side } from './parse.ts';
import type { IntelliVueRecord } from './types.ts';

/** Enough of a message to tell what it is; measurements lie behind. */
const READ_BYTES = 4096;

function join(request: Side | undefined, answer: Side | undefined, durationMs: number | undefined): IntelliVueRecord {
  const side = request ?? answer;
  return {
    protocol: 'intellivue',
    activity: side?.activity ?? 'operation',
    operation: request?.operation || answer?.operation || '',
    object: request?.object ?? '',
    outcome: outcomeOf(request, answer),
    result: answer?.result ?? '',
    manufacturer: side?.identity.manufacturer ?? '',
    model: side?.identity.model ?? '',
    serial: side?.identity.serial ?? '',
    versions: side?.identity.versions ?? [],
    durationMs,
  };
}

function outcomeOf(request: Side | undefined, answer: Side | undefined): IntelliVueRecord['outcome'] {
  if (answer !== undefined) return answer.isRefused ? 'failure' : 'success';
  return request?.key === undefined ? undefined : 'unanswered';
}

/** A monitor tells everybody that it is there; a client asks it, and it creates its device towards that client. */
function intelliVueEvidence(record: IntelliVueRecord): readonly EvidenceDraft[] {
  const monitor = record.activity === 'connect-indication' ? 'client' : 'server';
  const isAnswered = record.outcome === 'success';
  const isFromMonitor = record.activity === 'connect-indication' || record.activity === 'device-created';
  return [
    ...(isFromMonitor || isAnswered ? draft('intellivue.role', 'monitor', monitor) : []),
    ...(isAnswered ? draft('intellivue.role', 'client', 'client') : []),
    ...draft('intellivue.manufacturer', record.manufacturer, monitor),
    ...draft('intellivue.model', record.model, monitor),
    ...draft('intellivue.serial', record.serial, monitor),
    ...record.versions.flatMap((version) => draft('intellivue.version', version, monitor)),
    ...(isAnswered ? draft('intellivue.polled', record.object, 'client') : []),
  ];
}

export const intelliVue = defineFramedRoom<IntelliVueRecord>({
  id: 'intellivue',
  title: 'Philips IntelliVue Data Export',
  standards: ['Philips IntelliVue Data Export Interface Programming Guide (4535 642 59271)', 'ISO/IEEE 11073-10101'],
  transports: ['udp'],
  usualPorts: [24_105, 24_005],
  isClinical: true,
  firstBytes: [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x0e, 0x19, 0xe1],
  headerBytes: 4,
  maximumBytes: READ_BYTES,
  messageLength: (header) => header.length,
  recognise: (message, _sample, direction) => (parseIntelliVue(message, direction) === undefined ? 'reject' : 'match'),
  createReader: pairingReader<Side, IntelliVueRecord>({
    parse: parseIntelliVue,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
    view: ({ activity, operation, object, result }) =>
      transactionView('intellivue', {
        'intellivue.activity': activity,
        'intellivue.operation': operation,
        'intellivue.object': object,
        'intellivue.result': result,
      }),
  }),
  evidence: intelliVueEvidence,
});
