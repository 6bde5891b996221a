import { countOf, type Fields, ipOf, microsOfSeconds, portOf, textOf, transportOf } from '../field.ts';
import { BiflowAssembler } from '../flow-export/biflow.ts';
import type { ExportedFlow } from '../flow-export/exported-flow.ts';
import type { LineReader } from '../imported-traffic.ts';

/** Fields of version 2, the order of lines without a header (AWS, "Flow log records"). */
const DEFAULT_FIELDS: readonly string[] = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];
const REPORTED_BY = 'AWS flow log';
const MAXIMUM_FIELDS = 64;

/** @returns whether a line is a header or a record of AWS VPC flow logs */
export function isAwsFlowLog(line: string): boolean {
  const words = wordsOf(line);
  if (words.includes('srcaddr') && words.includes('dstaddr')) return true;
  return words.length === DEFAULT_FIELDS.length && /^[2-9]$/.test(words[0] ?? '') && /^eni-/.test(words[2] ?? '');
}

/** @returns a reader of AWS VPC flow logs as text, with or without their header line, in any order of fields */
export function createAwsReader(): LineReader {
  let names = DEFAULT_FIELDS;
  let assembler: BiflowAssembler | undefined;
  return {
    line(line, importer) {
      assembler ??= new BiflowAssembler(importer);
      const words = wordsOf(line);
      if (words.length === 0) return;
      if (words.includes('srcaddr')) {
        names = words.map((word) => word.replace(/^\$\{|\}$/g, ''));
        return;
      }
      const entry = Object.fromEntries(names.map((name, index) => [name, known(words[index])]));
      // NODATA and SKIPDATA say that there was nothing, or nothing recorded.
      const status = textOf(entry, 'log-status');
      const flow = flowOf(entry);
      if (status !== '' && status !== 'OK') importer.leftOut(status);
      else if (flow === undefined) importer.unreadable('A line of the flow log names no addresses or no time.');
      else {
        assembler.add(flow, flow.lastSeenMicros);
        assembler.flush(flow.lastSeenMicros);
      }
    },
    end: () => assembler?.flush(),
  };
}

function wordsOf(line: string): readonly string[] {
  const text = line.trim();
  return text === '' ? [] : text.split(/\s+/, MAXIMUM_FIELDS);
}

function known(word: string | undefined): string {
  return word === undefined || word === '-' ? '' : word;
}

function flowOf(entry: Fields): ExportedFlow | undefined {
  const sourceIp = ipOf(textOf(entry, 'pkt-srcaddr') || textOf(entry, 'srcaddr'));
  const destinationIp = ipOf(textOf(entry, 'pkt-dstaddr') || textOf(entry, 'dstaddr'));
  const firstSeenMicros = microsOfSeconds(entry.start);
  if (sourceIp === undefined || destinationIp === undefined || firstSeenMicros === 0) return undefined;
  return {
    reportedBy: REPORTED_BY,
    sourceIp,
    destinationIp,
    sourcePort: portOf(entry, 'srcport'),
    destinationPort: portOf(entry, 'dstport'),
    transport: transportOf(textOf(entry, 'protocol')),
    packets: countOf(entry, 'packets'),
    bytes: countOf(entry, 'bytes'),
    tcpFlags: countOf(entry, 'tcp-flags') & 255,
    isSampled: false,
    isRejected: textOf(entry, 'action') === 'REJECT',
    firstSeenMicros,
    lastSeenMicros: Math.max(firstSeenMicros, microsOfSeconds(entry.end)),
  };
}
