import type { TelemetryRow } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { clinicalLinks } from './clinical-links.ts';

const NOON = Date.UTC(2026, 0, 5, 12);

function record(app: string, activity: string, details: object, at = 0): TelemetryRow<'protocol_activity'> {
  return {
    time: NOON + at,
    flow_id: 'flow-1',
    source_id: 'src',
    is_sample: false,
    src_ip: '10.20.2.21',
    dst_ip: '10.20.1.13',
    dst_port: 104,
    app_name: app,
    activity,
    details: JSON.stringify(details),
    packet_number: at,
  };
}

const store = (outcome: string, durationMs?: number) =>
  record('dicom', 'operation', { operation: 'C-STORE', outcome, durationMs, dataSetBytes: 1000, responseBytes: 0 });
const hl7 = (sentBy: string, at: number, code?: string) =>
  record(
    'hl7',
    code === undefined ? 'message' : 'acknowledgement',
    {
      messageType: code === undefined ? 'ADT^A01' : 'ACK',
      sendingApplication: sentBy === 'client' ? 'HIS' : 'ENGINE',
      receivingApplication: sentBy === 'client' ? 'ENGINE' : 'HIS',
      acknowledgementCode: code,
      bytes: 200,
      sentBy,
    },
    at,
  );

describe('the map of clinical transactions', () => {
  it('says which modality sends to which archive, how often it fails and how long it takes', () => {
    const greeting = record('dicom', 'associate-request', { callingAeTitle: 'CT1', calledAeTitle: 'PACS' });
    const durations = Array.from({ length: 20 }, (_, index) => store('success', index + 1));
    const [link] = clinicalLinks([greeting, ...durations, store('failure'), store('unanswered')]);
    expect(link).toMatchObject({
      clientNames: ['CT1'],
      serverNames: ['PACS'],
      transactions: 22,
      failures: 1,
      unanswered: 1,
      bytes: 22_000,
      medianMs: 10,
      slowMs: 19,
      operations: [{ name: 'C-STORE', count: 22, failures: 1 }],
    });
  });

  it('counts an association that was refused as a failure', () => {
    const refusal = record('dicom', 'associate-reject', { callingAeTitle: 'CT1', calledAeTitle: 'ARCHIVE' });
    expect(clinicalLinks([refusal])).toMatchObject([{ transactions: 1, failures: 1, serverNames: ['ARCHIVE'] }]);
  });

  it('takes each HL7 acknowledgement for the oldest message that waits, in whatever order records were stored', () => {
    const rows = [
      hl7('client', 0),
      hl7('server', 40, 'AA'),
      hl7('client', 50),
      hl7('client', 60),
      hl7('server', 70, 'AE'),
    ];
    expect(clinicalLinks(rows.reverse())).toMatchObject([
      {
        clientNames: ['HIS'],
        serverNames: ['ENGINE'],
        transactions: 3,
        failures: 1,
        unanswered: 1,
        medianMs: 20,
        slowMs: 40,
        operations: [{ name: 'ADT^A01', count: 3, failures: 1 }],
      },
    ]);
  });

  it('reads FHIR and DICOMweb by their status', () => {
    const fhir = (status?: number) =>
      record('fhir', 'interaction', { interaction: 'read', resourceType: 'Observation', status });
    const [link] = clinicalLinks([fhir(200), fhir(403), fhir()]);
    expect(link).toMatchObject({ transactions: 3, failures: 1, unanswered: 1, medianMs: null });
    expect(link?.operations[0]?.name).toBe('read Observation');
  });

  it('leaves out what it does not understand, and says nothing of nothing', () => {
    expect(clinicalLinks([])).toEqual([]);
    expect(clinicalLinks([record('dicom', 'operation', { surprise: true })])).toMatchObject([{ transactions: 0 }]);
  });
});
