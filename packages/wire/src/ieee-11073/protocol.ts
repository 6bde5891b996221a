import { word16, word32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { pairingReader } from '../pairing-reader.ts';
import type { Detection } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { CONFIGURATION_NOTIFICATION, specializationName, specializationOfConfiguration } from './nomenclature.ts';
import { AARE, AARQ, APDUS, DATA_PROTOCOL, HEADER_BYTES, PRST, parseApdu, type Side } from './parse.ts';
import type { Ieee11073Record } from './types.ts';

const ROOM = 'ieee-11073-20601';
const EXTERNAL_PROTOCOL = 0xffff;
const MAXIMUM_PROTOCOLS = 16;
const ASSOCIATION_VERSION_1 = 0x8000_0000;

function join(request: Side | undefined, answer: Side | undefined, durationMs: number | undefined): Ieee11073Record {
  const side = request ?? answer;
  const identity = answer?.identity ?? request?.identity;
  const isReported = request !== undefined && request.event !== 0;
  const isFromAgent = request?.isAgent === true || isReported;
  const sentBy = side?.sentBy ?? 'client';
  const specializations = (identity?.specializations ?? []).map(specializationName);
  const configured = specializationOfConfiguration(request?.configuration ?? 0);
  const isIdentity = identity !== undefined && identity.model + identity.manufacturer + identity.serial !== '';
  return {
    protocol: ROOM,
    activity: activityOf(side, isIdentity),
    agent: isFromAgent ? sentBy : agentOf(side),
    operation: request?.operation ?? answer?.operation ?? '',
    outcome: outcomeOf(request, answer),
    result: answer?.result || request?.result || '',
    systemId: request?.systemId ?? '',
    specializations: configured === '' ? specializations : [...new Set([...specializations, configured])],
    configuration: request?.configuration ?? 0,
    objects: request?.objects ?? [],
    manufacturer: identity?.manufacturer ?? '',
    model: identity?.model ?? '',
    serial: identity?.serial ?? '',
    versions: identity?.versions ?? [],
    durationMs,
  };
}

function activityOf(side: Side | undefined, isIdentity: boolean): Ieee11073Record['activity'] {
  if (side === undefined) return 'operation';
  if (side.activity !== 'data') return side.activity;
  if (side.event === CONFIGURATION_NOTIFICATION) return 'configuration';
  if (isIdentity) return 'identity';
  return side.event === 0 ? 'operation' : 'report';
}

/** Get, set and action are the manager's; agents open the connection, so what is not told is the client. */
function agentOf(side: Side | undefined): 'client' | 'server' {
  const isManagers = side?.activity === 'data' && side.event === 0;
  if (side === undefined || !isManagers) return 'client';
  const invoker = side.isRequest === (side.sentBy === 'client') ? 'client' : 'server';
  return invoker === 'client' ? 'server' : 'client';
}

function outcomeOf(request: Side | undefined, answer: Side | undefined): Ieee11073Record['outcome'] {
  if (answer !== undefined) return answer.isRefused ? 'failure' : 'success';
  return request?.key === undefined ? undefined : 'unanswered';
}

/** An association names this protocol; within one, four lengths and choices that fit together prove it. */
function recognise(message: Uint8Array): Detection {
  const choice = word16(message, 0);
  const length = word16(message, 2);
  if (choice === AARQ) {
    if (message.length < 14) return 'undecided';
    const count = word16(message, 8);
    const isProtocol = [DATA_PROTOCOL, EXTERNAL_PROTOCOL].includes(word16(message, 12));
    const isVersioned = word32(message, 4) === ASSOCIATION_VERSION_1;
    return isProtocol && isVersioned && count >= 1 && count <= MAXIMUM_PROTOCOLS ? 'match' : 'reject';
  }
  if (choice === AARE) {
    if (message.length < 8) return 'undecided';
    return word16(message, 4) <= 8 && word16(message, 6) === DATA_PROTOCOL ? 'match' : 'reject';
  }
  if (choice !== PRST) return 'reject';
  if (message.length < 12) return 'undecided';
  const isNested = word16(message, 4) === length - 2 && word16(message, 10) === length - 8;
  return isNested && parseApdu(message, 'to-server') !== undefined ? 'match' : 'reject';
}

export const ieee11073 = defineFramedRoom<Ieee11073Record>({
  id: 'ieee-11073-20601',
  title: 'Personal health devices (IEEE 11073-20601)',
  standards: [
    'ISO/IEEE 11073-20601 §8 (association, configuration, operation), annex A (APDUs), annex F (MDER)',
    'ISO/IEEE 11073-10101 (nomenclature)',
    'ISO/IEEE 11073-104xx (device specializations)',
  ],
  transports: ['tcp', 'udp'],
  usualPorts: [6024],
  isClinical: true,
  firstBytes: [0xe2, 0xe3, 0xe7],
  headerBytes: HEADER_BYTES,
  maximumBytes: 16 * 1024,
  messageLength: (header) => (APDUS.includes(word16(header, 0)) ? HEADER_BYTES + word16(header, 2) : undefined),
  recognise,
  createReader: pairingReader<Side, Ieee11073Record>({
    parse: parseApdu,
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
    view: (side) =>
      transactionView(ROOM, {
        'ieee_11073.operation': [side.activity, side.operation],
        'ieee_11073.result': side.result,
      }),
  }),
  evidence: (record) => {
    const manager = record.agent === 'client' ? 'server' : 'client';
    const isAccepted = record.outcome === 'success' || record.outcome === undefined;
    return [
      ...(isAccepted ? draft('ieee-11073.role', 'agent', record.agent) : []),
      ...(isAccepted ? draft('ieee-11073.role', 'manager', manager) : []),
      ...draft('ieee-11073.system-id', record.systemId, record.agent),
      ...record.specializations.flatMap((name) => draft('ieee-11073.specialization', name, record.agent)),
      ...draft('ieee-11073.manufacturer', record.manufacturer, record.agent),
      ...draft('ieee-11073.model', record.model, record.agent),
      ...draft('ieee-11073.serial', record.serial, record.agent),
      ...record.versions.flatMap((version) => draft('ieee-11073.version', version, record.agent)),
    ];
  },
});
