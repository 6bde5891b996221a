import { createHash } from 'node:crypto';
import type { YaraMatch } from '@sphinx/rules/yara';
import { type Detection, deterministicId, type TelemetryRow } from '@sphinx/schema';
import type { FileRecord } from '@sphinx/wire';

const MICROS_PER_MS = 1000;
/** Group of YARA rules among detections; Suricata's own groups are 1 and 3. */
const YARA_GROUP = 9;

/** What scanning came to: rules that match, or undefined where nothing was scanned. */
export type ScanOutcome = readonly YaraMatch[] | undefined;

/** @returns the file as a row of `file_activity`; `src` is the end that sent it */
export function createFileRow(
  file: FileRecord,
  source: { readonly id: string; readonly isSample: boolean },
  matches: ScanOutcome,
  isKept: boolean,
): TelemetryRow<'file_activity'> {
  const { from, to } = endsOf(file);
  return {
    time: Math.floor(file.startMicros / MICROS_PER_MS),
    end_time: Math.floor(file.endMicros / MICROS_PER_MS),
    file_id: file.id,
    flow_id: file.flow.id,
    source_id: source.id,
    is_sample: source.isSample,
    src_ip: from.ip,
    src_port: from.port,
    dst_ip: to.ip,
    dst_port: to.port,
    app_name: file.protocol,
    activity: file.direction === 'to-server' ? 'upload' : 'download',
    name: file.name,
    extension: file.extension,
    declared_type: file.declaredType.slice(0, 200),
    type: file.type,
    media_type: file.mediaType,
    category: file.category,
    is_mismatch: file.isMismatch,
    is_clinical: file.isClinical,
    size: file.sizeBytes,
    is_whole: file.isWhole,
    lost_bytes: file.lostBytes,
    md5: file.md5,
    sha1: file.sha1,
    sha256: file.sha256,
    verdict: matches === undefined ? 'unscanned' : matches.length > 0 ? 'matched' : 'clean',
    rules: JSON.stringify((matches ?? []).map(({ rule }) => rule)),
    is_kept: isKept,
    details: JSON.stringify(file.details),
    packet_number: file.packetNumber,
  };
}

/** @returns a detection for each rule that matched; the same file of the same capture gives the same ones */
export function createDetections(
  file: FileRecord,
  source: { readonly id: string; readonly isSample: boolean },
  matches: readonly YaraMatch[],
): readonly Detection[] {
  const { from, to } = endsOf(file);
  const time = Math.floor(file.endMicros / MICROS_PER_MS);
  return matches.map(({ rule, file: set, title, severity, references, techniques }) => ({
    id: deterministicId('det', source.id, 'yara', set, rule, file.id),
    rule: {
      gid: YARA_GROUP,
      sid: Number.parseInt(createHash('sha256').update(`${set}/${rule}`).digest('hex').slice(0, 7), 16),
      revision: 1,
      title: `${title} (${file.type}, SHA-256 ${file.sha256.slice(0, 16)}…)`,
      set: `yara/${set}`,
      class: 'file-content',
      category: 'YARA',
      references: [...references],
      techniques: [...techniques],
    },
    severity,
    source: from,
    destination: to,
    target: 'destination' as const,
    transport: file.flow.transport,
    protocol: file.protocol,
    time,
    packet: { source: source.id, number: file.packetNumber, time },
    file: { id: file.id, sha256: file.sha256 },
    isSample: source.isSample,
  }));
}

function endsOf({ flow, direction }: FileRecord) {
  const client = { ip: flow.clientIp, port: flow.clientPort };
  const server = { ip: flow.serverIp, port: flow.serverPort };
  return direction === 'to-server' ? { from: client, to: server } : { from: server, to: client };
}
