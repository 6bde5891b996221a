import type { TransactionView } from './inspector.ts';
import type { DetectionSample, Direction, EvidenceDraft, Protocol, ProtocolRecord } from './protocol.ts';

/** What a room whose messages each fill one datagram has to say; the rest follows. */
export interface DatagramRoom<R extends ProtocolRecord> {
  readonly id: string;
  readonly title: string;
  readonly standards: readonly string[];
  readonly usualPorts: readonly number[];
  /** Where anything else is not this protocol: rooms whose messages look like others' (DNS and its kin). */
  readonly isBoundToPorts?: boolean;
  readonly isEncrypted?: boolean;
  readonly firstBytes?: readonly number[];
  /** @returns undefined when the bytes are no whole message of this protocol */
  parse(payload: Uint8Array, direction: Direction): R | undefined;
  evidence(record: R): readonly EvidenceDraft[];
  /** What rules may look at; called only where somebody looks. */
  view?(record: R, payload: Uint8Array): TransactionView;
}

/** A UDP room: a datagram that parses is of this protocol. */
export function defineDatagramRoom<R extends ProtocolRecord>(room: DatagramRoom<R>): Protocol<R> {
  return {
    id: room.id,
    title: room.title,
    standards: room.standards,
    transports: ['udp'],
    usualPorts: room.usualPorts,
    isEncrypted: room.isEncrypted ?? false,
    isClinical: false,
    ...(room.firstBytes === undefined ? {} : { firstBytes: room.firstBytes }),
    detect: (sample) => detectDatagram(room, sample),
    parseDatagram: (payload, direction, context) => {
      const record = room.parse(payload, direction);
      if (record === undefined) return;
      if (context.inspect !== undefined && room.view !== undefined)
        context.inspect(direction, room.view(record, payload));
      context.emit(record, direction);
    },
    evidence: room.evidence,
  };
}

function detectDatagram<R extends ProtocolRecord>(room: DatagramRoom<R>, sample: DetectionSample) {
  const { serverPort, clientPort, toServer, toClient } = sample;
  const isUsualPort = room.usualPorts.includes(serverPort) || room.usualPorts.includes(clientPort);
  if (room.isBoundToPorts === true && !isUsualPort) return 'reject';
  const direction = toServer.length > 0 ? 'to-server' : 'to-client';
  const payload = toServer.length > 0 ? toServer : toClient;
  if (room.firstBytes?.includes(payload[0] ?? -1) === false) return 'reject';
  return room.parse(payload, direction) === undefined ? 'reject' : 'match';
}

/** @returns one draft, or none for an empty value */
export function draft(attribute: string, value: string, about: EvidenceDraft['about']): readonly EvidenceDraft[] {
  return value === '' ? [] : [{ attribute, value, about }];
}
