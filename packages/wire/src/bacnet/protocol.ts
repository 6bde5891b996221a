import { word16 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { EvidenceDraft, ProtocolRecord } from '../protocol.ts';
import { type BacnetMessage, BVLC_IP, parseBacnet } from './parse.ts';

const SAMPLE_BYTES = 512;

/** A confirmed request with its answer, or a message that wants none. */
export interface BacnetRecord extends ProtocolRecord {
  readonly protocol: 'bacnet';
  readonly activity: 'transaction' | 'unconfirmed-request' | 'network-message' | 'broadcast-management';
  readonly service: string;
  /** Undefined where no answer is wanted. */
  readonly outcome: Outcome | undefined;
  readonly durationMs: number | undefined;
  readonly deviceInstance: number;
  readonly vendorId: number;
  readonly properties: readonly string[];
}

const FAILURES = new Set(['error', 'reject', 'abort']);

function join(
  request: BacnetMessage | undefined,
  answer: BacnetMessage | undefined,
  durationMs?: number,
): BacnetRecord {
  const { deviceInstance = -1, vendorId = -1, properties = [] } = answer ?? request ?? {};
  const kind = (answer ?? request)?.kind;
  const isAlone = kind === 'unconfirmed-request' || kind === 'network-message' || kind === 'broadcast-management';
  const outcome = answer === undefined ? 'unanswered' : FAILURES.has(answer.kind) ? 'failure' : 'success';
  return {
    protocol: 'bacnet',
    activity: isAlone ? kind : 'transaction',
    service: request?.service || answer?.service || '',
    outcome: isAlone ? undefined : outcome,
    durationMs,
    deviceInstance,
    vendorId,
    properties,
  };
}

export const bacnet = defineFramedRoom<BacnetRecord>({
  id: 'bacnet',
  title: 'BACnet/IP',
  standards: [
    'ASHRAE 135 §6.2 (network layer)',
    'ASHRAE 135 §15.5, §16.10 (services)',
    'ASHRAE 135 §20.1, §21 (encoding)',
    'ASHRAE 135 annex J (BACnet/IP)',
  ],
  transports: ['udp'],
  usualPorts: [47808],
  firstBytes: [BVLC_IP],
  headerBytes: 4,
  maximumBytes: 1500,
  messageLength: (header) => (header[0] === BVLC_IP && word16(header, 2) >= 4 ? word16(header, 2) : undefined),
  recognise: (message) => {
    const isWhole = word16(message, 2) === message.length || message.length === SAMPLE_BYTES;
    return isWhole && parseBacnet(message) !== undefined ? 'match' : 'reject';
  },
  createReader: pairingReader<BacnetMessage, BacnetRecord>({
    parse: (message) => {
      const parsed = parseBacnet(message);
      return parsed?.kind === 'segment-acknowledgement' ? undefined : parsed;
    },
    isRequest: ({ invokeId, kind }) => kind === 'confirmed-request' || invokeId < 0,
    keyOf: ({ invokeId }) => (invokeId < 0 ? undefined : invokeId),
    join,
  }),
  evidence: bacnetEvidence,
});

function bacnetEvidence(record: BacnetRecord): readonly EvidenceDraft[] {
  const { service, deviceInstance, vendorId, properties } = record;
  const told = properties.flatMap((value) => draft('bacnet.device', value, 'server'));
  if (service !== 'i-am' || deviceInstance < 0) return told;
  // I-Am is broadcast by the device that it is about.
  return [
    ...draft('bacnet.device', `instance=${deviceInstance}`, 'client'),
    ...draft('bacnet.device', `vendor-id=${vendorId}`, 'client'),
  ];
}
