import type { TelemetryRow } from '@sphinx/schema';
import type { TrafficCount } from './traffic-window.ts';

const SYN = 2;
const ACK = 16;
const DICOM_FAILURES = ['failure', 'unanswered'];
const HL7_FAILURES = ['AE', 'AR', 'CE', 'CR'];
const WEB_PROTOCOLS = ['http', 'fhir', 'dicomweb'];
/** RFC 9110 §15.6: the server is at fault. */
const SERVER_ERROR = 500;

/** @returns what a finished flow says of the service at its end; undefined for what is no connection */
export function readFlow(row: TelemetryRow<'network_activity'>): Partial<TrafficCount> | undefined {
  const { transport, state, packets_in, tcp_flags_out } = row;
  if (transport !== 'tcp') return undefined;
  // Of a connection that is seen in one direction only, the acknowledgements of its client are seen: it was taken.
  const isUnanswered = packets_in === 0 && (tcp_flags_out & SYN) !== 0 && (tcp_flags_out & ACK) === 0;
  const isRefused = isUnanswered || state === 'rejected';
  return { connections: 1, refused: isRefused ? 1 : 0 };
}

/** @returns what a record says of the service at its end; undefined where it says nothing of it. Never throws */
export function readRecord(row: TelemetryRow<'protocol_activity'>): Partial<TrafficCount> | undefined {
  const { app_name, activity } = row;
  switch (app_name) {
    case 'dicom': {
      if (activity === 'associate-reject') return { requests: 1, failures: 1 };
      if (activity !== 'operation') return undefined;
      const { outcome, invokedBy } = detailsOf(row);
      if (invokedBy !== 'client') return undefined;
      return { requests: 1, failures: DICOM_FAILURES.includes(String(outcome)) ? 1 : 0 };
    }
    case 'hl7': {
      const { sentBy, acknowledgementCode } = detailsOf(row);
      if (activity === 'message') return sentBy === 'client' ? { messages: 1 } : undefined;
      if (activity !== 'acknowledgement' || sentBy !== 'server') return undefined;
      const isFailure = HL7_FAILURES.includes(String(acknowledgementCode));
      return { acknowledgements: 1, requests: 1, failures: isFailure ? 1 : 0 };
    }
    case 'tcp': {
      const { segments, repeatedToServer, repeatedToClient } = detailsOf(row);
      const repeated = Number(repeatedToServer) + Number(repeatedToClient);
      if (activity !== 'retransmission' || typeof segments !== 'number' || !Number.isFinite(repeated)) return undefined;
      return { repeating: 1, segments, repeated };
    }
    default: {
      if (!WEB_PROTOCOLS.includes(app_name)) return undefined;
      const { status } = detailsOf(row);
      if (typeof status !== 'number') return undefined;
      return { requests: 1, failures: status >= SERVER_ERROR ? 1 : 0 };
    }
  }
}

function detailsOf({ details }: TelemetryRow<'protocol_activity'>): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(details);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
