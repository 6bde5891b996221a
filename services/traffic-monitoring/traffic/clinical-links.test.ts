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

  it('counts an HL7 message once that is answered twice, unless the second answer refuses it', () => {
    const [link] = clinicalLinks([
      hl7('client', 0),
      hl7('server', 10, 'CA'),
      hl7('client', 20),
      hl7('server', 40, 'AA'),
      hl7('server', 60, 'AA'),
    ]);
    expect(link).toMatchObject({ transactions: 2, failures: 0, unanswered: 0 });
    const [refused] = clinicalLinks([hl7('client', 0), hl7('server', 10, 'CA'), hl7('server', 40, 'AR')]);
    expect(refused).toMatchObject({ transactions: 2, failures: 1 });
  });

  it('reads laboratory links by whether their frames came through', () => {
    const line = { sender: 'cobas', receiver: 'LIS', sentBy: 'client', bytes: 300 };
    const message = (records: readonly string[], refusedFrames: number, badChecksums: number, durationMs?: number) =>
      record('astm', 'message', { ...line, records, refusedFrames, badChecksums, durationMs });
    const results = ['header', 'patient', 'order', 'result', 'terminator'];
    const [link] = clinicalLinks([
      message(results, 0, 0, 900),
      message(results, 0, 1),
      message(['header', 'query', 'terminator'], 0, 0),
    ]);
    expect(link).toMatchObject({
      clientNames: ['cobas'],
      serverNames: ['LIS'],
      transactions: 3,
      failures: 1,
      medianMs: 900,
      operations: [
        { name: 'results', count: 2, failures: 1 },
        { name: 'query', count: 1, failures: 0 },
      ],
    });
  });

  it.each([
    ['alaris', 'exchange', { command: 'INF_RATE', outcome: 'success', durationMs: 12 }, 'INF_RATE'],
    ['medibus', 'exchange', { command: 'measured data', outcome: 'unanswered', bytes: 0 }, 'measured data'],
    ['datex-ohmeda', 'data', { content: 'waveforms', bytes: 200 }, 'waveforms'],
    ['intellivue', 'operation', { operation: 'poll', object: 'numerics', outcome: 'success' }, 'poll numerics'],
    ['poct1-a', 'message', { messageType: 'OBS.R01', outcome: 'failure', bytes: 100 }, 'OBS.R01'],
    ['ieee-11073-20601', 'operation', { operation: 'get', outcome: 'success' }, 'get'],
    ['dpws', 'invocation', { service: 'SetService', operation: 'Activate', outcome: 'failure' }, 'SetService Activate'],
    ['masimo', 'status', { parameters: ['SPO2'] }, 'status'],
  ])('counts what devices at the bedside say over %s', (app, activity, details, name) => {
    const [link] = clinicalLinks([record(app, activity, details)]);
    const outcome = 'outcome' in details ? details.outcome : 'success';
    expect(link).toMatchObject({
      transactions: 1,
      failures: outcome === 'failure' ? 1 : 0,
      unanswered: outcome === 'unanswered' ? 1 : 0,
      operations: [{ name, count: 1 }],
    });
  });

  it('leaves out what it does not understand, and says nothing of nothing', () => {
    expect(clinicalLinks([])).toEqual([]);
    expect(clinicalLinks([record('dicom', 'operation', { surprise: true })])).toMatchObject([{ transactions: 0 }]);
  });
});
