import type { Fact } from '../event.ts';
import { deterministicId } from '../identifier.ts';
import type { TelemetryRow, TelemetryTable } from '../telemetry.ts';
import { alertRaised } from './ocsf-alert.ts';
import { serviceChanged } from './ocsf-availability.ts';
import {
  careChanged,
  decisionMade,
  measuresEvaluated,
  measuresRequested,
  playbookChanged,
  riskChanged,
} from './ocsf-decision.ts';
import { detectionFound } from './ocsf-detection.ts';
import type { OcsfEvent, OcsfOrigin } from './ocsf-event.ts';
import { incidentTold } from './ocsf-incident.ts';
import { assetKnown, assetMerged, assetRemoved, hostObserved, sourceRemoved } from './ocsf-inventory.ts';
import { logRow } from './ocsf-log.ts';
import { mediaUsed } from './ocsf-media.ts';
import { conversationObserved, fileRow, flowRow, recordRow } from './ocsf-network.ts';
import { probeCompleted, probeRefused } from './ocsf-probing.ts';
import { responseTold } from './ocsf-response.ts';
import { securityFormStated, softwareListed, weaknessReported } from './ocsf-software.ts';
import { certificateChanged, verdictIssued, verificationRequested } from './ocsf-verification.ts';
import { weaknessesTold } from './ocsf-weakness.ts';

/** @returns the fact as an OCSF event, for export and for the API. `metadata.uid` is the id of the fact. */
export function toOcsf(fact: Fact): OcsfEvent {
  const origin = originOf(fact);
  switch (fact.type) {
    case 'host.observed':
      return hostObserved(fact, origin);
    case 'conversation.observed':
      return conversationObserved(fact, origin);
    case 'source.removed':
      return sourceRemoved(fact, origin);
    case 'asset.discovered':
    case 'asset.updated':
      return assetKnown(fact, origin);
    case 'asset.merged':
      return assetMerged(fact, origin);
    case 'asset.removed':
      return assetRemoved(fact, origin);
    case 'verification.requested':
      return verificationRequested(fact, origin);
    case 'verdict.issued':
      return verdictIssued(fact, origin);
    case 'certificate.issued':
    case 'certificate.revoked':
      return certificateChanged(fact, origin);
    case 'detection.found':
      return detectionFound(fact, origin);
    case 'alert.raised':
      return alertRaised(fact, origin);
    case 'media.used':
      return mediaUsed(fact, origin);
    case 'incident.opened':
    case 'incident.updated':
    case 'incident.closed':
      return incidentTold(fact, origin);
    case 'software.listed':
      return softwareListed(fact, origin);
    case 'weakness.reported':
      return weaknessReported(fact, origin);
    case 'security-form.stated':
      return securityFormStated(fact, origin);
    case 'weakness.found':
    case 'weakness.changed':
    case 'weakness.closed':
      return weaknessesTold(fact, origin);
    case 'probe.completed':
      return probeCompleted(fact, origin);
    case 'probe.refused':
      return probeRefused(fact, origin);
    case 'service.up':
    case 'service.degraded':
    case 'service.down':
      return serviceChanged(fact, origin);
    case 'risk.changed':
      return riskChanged(fact, origin);
    case 'decision.made':
      return decisionMade(fact, origin);
    case 'measures.requested':
      return measuresRequested(fact, origin);
    case 'measures.evaluated':
      return measuresEvaluated(fact, origin);
    case 'playbook.kept':
    case 'playbook.removed':
      return playbookChanged(fact, origin);
    case 'care.changed':
      return careChanged(fact, origin);
    case 'response.planned':
    case 'response.approval-asked':
    case 'response.approved':
    case 'response.refused':
    case 'response.started':
    case 'response.step-done':
    case 'response.finished':
    case 'response.undone':
      return responseTold(fact, origin);
  }
}

/** @returns a telemetry row as an OCSF event. `metadata.uid` follows from the row, so the same row gives the same event. */
export function telemetryToOcsf<T extends TelemetryTable>(table: T, row: TelemetryRow<T>): OcsfEvent {
  if (table === 'log_activity') return logRow(row as TelemetryRow<'log_activity'>);
  const { flow_id, source_id, is_sample, packet_number, time } = row as TelemetryRow<'network_activity'>;
  const origin: OcsfOrigin = {
    uid: deterministicId('tel', table, source_id, flow_id, packet_number, time),
    correlation: flow_id,
    feature: 'traffic-monitoring',
    code: table,
    isSample: is_sample,
  };
  if (table === 'file_activity') return fileRow(row as TelemetryRow<'file_activity'>, origin);
  return table === 'network_activity'
    ? flowRow(row as TelemetryRow<'network_activity'>, origin)
    : recordRow(row as TelemetryRow<'protocol_activity'>, origin);
}

function originOf({ id, key, source, type, data }: Fact): OcsfOrigin {
  const isSample = ('isSample' in data && data.isSample) || ('sample' in data && data.sample);
  return { uid: id, correlation: key, feature: source, code: type, isSample };
}
