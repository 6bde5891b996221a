import { flowState } from '../../flow/flow-state.ts';
import { countOf, type Fields, fieldsOf, parseFields, textOf } from '../field.ts';
import type { ImportedEnds, LineReader, TrafficImporter } from '../imported-traffic.ts';
import { endsOf, microsOf, protocolOf, swapped } from './ends.ts';
import { EVENT_MAPPINGS, type MappedEvent } from './events.ts';

const REPORTED_BY = 'Suricata';
/** Events about Suricata itself, or that tell of a flow what its `flow` event tells too. */
const LEFT_OUT: ReadonlySet<string> = new Set(['netflow', 'engine', 'drop', 'packet', 'frame', 'metadata', 'template']);

/** @returns a reader of Suricata's EVE output: one JSON object a line (Suricata user guide, "EVE JSON Format") */
export function createEveReader(): LineReader {
  let kernelDrops = 0;
  return {
    line(line, importer) {
      if (line.trim() === '') return;
      const event = parseFields(line);
      if (event === undefined) {
        importer.unreadable('A line is no JSON object.');
        return;
      }
      const type = textOf(event, 'event_type');
      if (type !== 'stats') {
        readEvent(type, event, importer);
        return;
      }
      // Suricata's own counter since its start: after a restart of Suricata it begins anew.
      const drops = countOf(fieldsOf(fieldsOf(event, 'stats'), 'capture'), 'kernel_drops');
      importer.lost(drops >= kernelDrops ? drops - kernelDrops : drops);
      kernelDrops = drops;
      importer.leftOut('stats');
    },
  };
}

function readEvent(type: string, event: Fields, importer: TrafficImporter): void {
  const ends = endsOf(type === 'arp' ? { ...fieldsOf(event, 'arp'), proto: 'arp' } : event);
  if (type === '') importer.unreadable('A JSON object without event_type is no EVE event.');
  // Decoder events of packets without an IP header name no ends.
  else if (LEFT_OUT.has(type) || (type === 'anomaly' && ends === undefined)) importer.leftOut(type);
  else if (ends !== undefined) readEventOf(type, event, ends, importer);
  else importer.unreadable(`An event of type ${type} names no addresses.`);
}

function readEventOf(type: string, event: Fields, ends: ImportedEnds, importer: TrafficImporter): void {
  if (type === 'flow') {
    readFlow(event, ends, importer);
    return;
  }
  const timeMicros = microsOf(textOf(event, 'timestamp'));
  const told = EVENT_MAPPINGS.get(type)?.({ event, body: fieldsOf(event, type), ends }) ?? [];
  for (const { record, evidence, isFromServer = false } of told.length > 0 ? told : [bareTransaction(type)]) {
    importer.record({
      ends: isFromServer ? swapped(ends) : ends,
      record,
      direction: isFromServer ? 'to-client' : 'to-server',
      timeMicros,
      evidence,
    });
  }
}

/** That there was a transaction is worth knowing; what else the event says may name a patient. */
function bareTransaction(type: string): MappedEvent {
  return { record: { protocol: protocolOf(type), activity: 'transaction' }, evidence: [] };
}

function readFlow(event: Fields, ends: ImportedEnds, importer: TrafficImporter): void {
  const flow = fieldsOf(event, 'flow');
  const tcp = fieldsOf(event, 'tcp');
  const flags = [hexOf(tcp, 'tcp_flags_ts'), hexOf(tcp, 'tcp_flags_tc')] as const;
  const packetsToServer = countOf(flow, 'pkts_toserver');
  const packetsToClient = countOf(flow, 'pkts_toclient');
  const firstSeenMicros = microsOf(textOf(flow, 'start')) || microsOf(textOf(event, 'timestamp'));
  importer.flow({
    ...ends,
    protocol: protocolOf(textOf(event, 'app_proto')),
    packetsToServer,
    packetsToClient,
    bytesToServer: countOf(flow, 'bytes_toserver'),
    bytesToClient: countOf(flow, 'bytes_toclient'),
    tcpFlagsToServer: flags[0],
    tcpFlagsToClient: flags[1],
    state: stateOf(textOf(flow, 'state'), ends.transport, [packetsToServer, packetsToClient], flags),
    reportedBy: REPORTED_BY,
    firstSeenMicros,
    lastSeenMicros: Math.max(firstSeenMicros, microsOf(textOf(flow, 'end'))),
  });
}

/** Flags of a direction are two hexadecimal digits. */
function hexOf(fields: Fields, name: string): number {
  const text = textOf(fields, name);
  return /^[0-9a-f]{1,2}$/i.test(text) ? Number.parseInt(text, 16) : 0;
}

/** Suricata's own state where flags do not tell more: `new`, `established`, `closed`, `bypassed`. */
function stateOf(told: string, transport: string, counts: readonly [number, number], flags: readonly [number, number]) {
  const state = flowState({
    transport,
    tcpFlagsToServer: flags[0],
    tcpFlagsToClient: flags[1],
    packetsToServer: counts[0],
    packetsToClient: counts[1],
  });
  if (state !== 'established' || transport !== 'tcp') return state;
  return told === 'new' || told === 'closed' ? told : state;
}
