import {
  countIn,
  type Fields,
  fieldsOf,
  ipOf,
  listOf,
  macOf,
  microsOfSeconds,
  portIn,
  textOf,
  textsOf,
  transportOf,
} from '../field.ts';
import type { ImportedFlow, TrafficImporter } from '../imported-traffic.ts';

const MS_PER_SECOND = 1000;
const REPORTED_BY = 'Azure flow log';

/**
 * Reads one element of the list `records` of an Azure flow log: network security group flow logs version 1 and 2, and
 * virtual network flow logs (Microsoft, "Flow logging for network security groups", "Virtual network flow logs").
 */
export function readAzureRecord(record: Fields, importer: TrafficImporter): void {
  if ('flowRecords' in record) readVirtualNetwork(record, importer);
  else if ('flows' in fieldsOf(record, 'properties')) readSecurityGroup(record, importer);
  else importer.leftOut(textOf(record, 'category') || 'record without flows');
}

function readSecurityGroup(record: Fields, importer: TrafficImporter): void {
  for (const rule of listOf(fieldsOf(record, 'properties'), 'flows')) {
    for (const flow of listOf(rule, 'flows')) {
      const mac = macOf(textOf(flow, 'mac'));
      for (const tuple of textsOf(flow, 'flowTuples')) {
        const [time = '', ...rest] = tuple.split(',');
        const [source, destination, sourcePort, destinationPort, transport, way, decision, state, ...counts] = rest;
        const at = microsOfSeconds(time);
        const ends = { source, destination, sourcePort, destinationPort, transport, way, mac };
        emit(ends, decision === 'D' ? 'D' : (state ?? ''), counts, at, importer);
      }
    }
  }
}

function readVirtualNetwork(record: Fields, importer: TrafficImporter): void {
  const mac = macOf(textOf(record, 'macAddress'));
  for (const flow of listOf(fieldsOf(record, 'flowRecords'), 'flows')) {
    for (const group of listOf(flow, 'flowGroups')) {
      for (const tuple of textsOf(group, 'flowTuples')) {
        const [time = '', ...rest] = tuple.split(',');
        const [source, destination, sourcePort, destinationPort, transport, way, state = '', , ...counts] = rest;
        const at = microsOfSeconds(Number(time) / MS_PER_SECOND);
        emit({ source, destination, sourcePort, destinationPort, transport, way, mac }, state, counts, at, importer);
      }
    }
  }
}

interface TupleEnds {
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly sourcePort: string | undefined;
  readonly destinationPort: string | undefined;
  readonly transport: string | undefined;
  /** `I` into or `O` out of the network card that `mac` names. */
  readonly way: string | undefined;
  readonly mac: string | undefined;
}

/** @param state `B` begin, `C` continuing, `E` end, `D` denied. @param counts packets and bytes of both directions */
function emit(ends: TupleEnds, state: string, counts: readonly string[], at: number, importer: TrafficImporter): void {
  const clientIp = ipOf(ends.source ?? '');
  const serverIp = ipOf(ends.destination ?? '');
  if (clientIp === undefined || serverIp === undefined || at === 0) {
    importer.unreadable('A flow of the Azure log names no addresses or no time.');
    return;
  }
  const [packetsToServer = 0, bytesToServer = 0, packetsToClient = 0, bytesToClient = 0] = counts.map(countIn);
  const macs = ends.mac === undefined ? {} : ends.way === 'O' ? { clientMac: ends.mac } : { serverMac: ends.mac };
  importer.flow({
    clientIp,
    serverIp,
    clientPort: portIn(ends.sourcePort),
    serverPort: portIn(ends.destinationPort),
    transport: transportOf(ends.transport ?? ''),
    ...macs,
    protocol: 'unknown',
    packetsToServer,
    bytesToServer,
    packetsToClient,
    bytesToClient,
    state: stateOf(state, packetsToClient),
    reportedBy: REPORTED_BY,
    // Logs of version 1, and the begin of a flow, carry no counts: whether it was answered is not told there.
    isPartial: state !== 'D' && counts.length < 4,
    firstSeenMicros: at,
    lastSeenMicros: at,
  });
}

function stateOf(state: string, packetsToClient: number): ImportedFlow['state'] {
  if (state === 'D') return 'rejected';
  if (state === 'B') return 'new';
  return packetsToClient > 0 ? 'established' : 'one-way';
}
