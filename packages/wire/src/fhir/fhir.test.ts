import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { http } from '../http/protocol.ts';
import type { FhirInteraction, HttpRecord } from '../http/types.ts';
import { bytes } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, play, server } from '../testing/play.ts';

/** What a request and its answer are told to be. */
function ask(request: string, body: string, status = 200, type = 'application/fhir+json'): readonly HttpRecord[] {
  const head = `HTTP/1.1 ${status} OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const asked = bytes(`${request} HTTP/1.1\r\nHost: ehr.example\r\nAuthorization: Bearer abc\r\n\r\n`);
  return play(http, [client(asked), server(bytes(head, body))]).records;
}
const interactionOf = (request: string, body = '{}') =>
  ask(request, body).find((record): record is FhirInteraction => record.protocol === 'fhir');

describe('FHIR', () => {
  it.each([
    ['GET /fhir/Patient/4711', 'read', 'Patient', ''],
    ['GET /fhir/Observation?patient=4711&code=8867-4', 'search', 'Observation', ''],
    ['POST /fhir/Patient/_search', 'search', 'Patient', ''],
    ['GET /fhir/Patient/4711/_history', 'history', 'Patient', ''],
    ['POST /fhir/Observation', 'create', 'Observation', ''],
    ['PUT /fhir/Observation/1', 'update', 'Observation', ''],
    ['DELETE /fhir/Observation/1', 'delete', 'Observation', ''],
    ['GET /fhir/Patient/4711/$everything', 'operation', 'Patient', '$everything'],
    ['GET /fhir/$export?_type=Patient', 'bulk-export', '', '$export'],
    ['GET /fhir/Group/7/$export', 'bulk-export', 'Group', '$export'],
    ['POST /fhir', 'transaction', '', ''],
    ['GET /fhir/Patient/4711/_history/2', 'version-read', 'Patient', ''],
    ['GET /fhir/Patient/4711/Observation?code=1', 'search', 'Observation', ''],
    ['GET /fhir/Patient/4711/*', 'search', 'Patient', ''],
    ['PATCH /fhir/MedicationKnowledge/1', 'patch', 'MedicationKnowledge', ''],
    ['GET /fhir/SubscriptionTopic/1', 'read', 'SubscriptionTopic', ''],
    ['GET /fhir/$export-poll-status?_jobId=1', 'bulk-export-status', '', ''],
    ['GET /auth/.well-known/smart-configuration', 'smart-configuration', '', ''],
  ])('tells what "%s" is', (request, interaction, resourceType, operation) => {
    expect(interactionOf(request)).toMatchObject({ interaction, resourceType, operation, authorization: 'bearer' });
  });

  it('takes the names of search parameters and never what is searched for', () => {
    const record = interactionOf('GET /fhir/Patient?family=Doe&birthdate=1970-01-01&_count=20');
    expect(record?.searchParameters).toEqual(['family', 'birthdate', '_count']);
    expect(JSON.stringify(record)).not.toMatch(/Doe|1970/);
  });

  it('tells what a token allows and never the token', () => {
    const answer = JSON.stringify({
      access_token: 'eyJhbGciOi',
      scope: 'launch/patient patient/*.rs user/Observation.read not-a-scope Doe^Jane',
      patient: '4711',
    });
    const records = ask('POST /auth/token', answer, 200, 'application/json');
    expect(records.at(-1)).toMatchObject({
      interaction: 'authorization',
      scopes: ['launch/patient', 'patient/*.rs', 'user/Observation.read'],
    });
    expect(JSON.stringify(records)).not.toMatch(/eyJ|4711|Doe/);
  });

  it('keeps of a narrowed scope what it is for, not to what it is narrowed', () => {
    const answer = JSON.stringify({ scope: 'patient/Observation.rs?category=laboratory user/Patient.rs?_id=4711' });
    const [, granted] = ask('POST /token', answer, 200, 'application/json');
    expect(granted).toMatchObject({ scopes: ['patient/Observation.rs', 'user/Patient.rs'] });
  });

  it.each([
    [
      'JSON',
      '{"resourceType":"Bundle","id":"4711","type":"searchset","total":1234,"entry":[{"resource":{"total":9}}]}',
    ],
    ['XML', '<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/><total value="1234"/><entry>…'],
  ])('counts the matches of a search as the server tells them in %s, and nothing of them', (_, body) => {
    const record = interactionOf('GET /fhir/Patient?name=Doe', body);
    expect(record).toMatchObject({ interaction: 'search', bundleType: 'searchset', matches: 1234 });
    expect(JSON.stringify(record)).not.toMatch(/4711|Doe/);
  });

  it('tells what went wrong in the words of the standard', () => {
    const body =
      '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden","diagnostics":"Doe may not"}]}';
    const record = ask('GET /fhir/Patient/1', body, 403).at(-1);
    expect(record).toMatchObject({ status: 403, issues: ['forbidden'] });
    expect(JSON.stringify(record)).not.toContain('Doe');
  });

  it.each([
    ['transaction', 'transaction'],
    ['batch', 'batch'],
    ['message', 'message'],
  ])('knows a bundle of the type %s by what it says of itself', (type, interaction) => {
    const bundle = `{"resourceType":"Bundle","type":"${type}","entry":[]}`;
    const head = `POST /fhir HTTP/1.1\r\nHost: h\r\nContent-Type: application/fhir+json; fhirVersion=5.0\r\n`;
    const asked = bytes(`${head}Content-Length: ${bundle.length}\r\n\r\n${bundle}`);
    const { records } = play(http, [client(asked), server(bytes('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))]);
    expect(records.at(-1)).toMatchObject({ interaction, bundleType: type, fhirVersion: '5.0' });
  });

  it('tells exports from the first request to the last file', () => {
    const asked = bytes(
      'GET /fhir/$export HTTP/1.1\r\nHost: h\r\nAccept: application/fhir+json\r\nPrefer: respond-async\r\n\r\n',
    );
    const kickOff = play(http, [client(asked), server(bytes('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'))]);
    expect(kickOff.records.at(-1)).toMatchObject({
      interaction: 'bulk-export',
      resourceType: '',
      isAsynchronous: true,
    });
    const base = bytes('GET /fhir/Patient/$export HTTP/1.1\r\nHost: h\r\nPrefer: respond-async\r\n\r\n');
    const typed = play(http, [client(base), server(bytes('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'))]);
    expect(typed.records.at(-1)).toMatchObject({ interaction: 'bulk-export', isAsynchronous: true });
    const file = ask('GET /fhir/files/1.ndjson', '{"resourceType":"Patient"}', 200, 'application/fhir+ndjson');
    expect(file.at(-1)).toMatchObject({ interaction: 'bulk-export-file' });
  });

  it('tells what is done only on a condition', () => {
    expect(interactionOf('PUT /fhir/Patient?identifier=4711')).toMatchObject({
      interaction: 'update',
      isConditional: true,
    });
    expect(interactionOf('PUT /fhir/Patient/1?_format=json')).toMatchObject({ isConditional: false });
  });

  it('takes no other token endpoint for one of SMART', () => {
    const answer = JSON.stringify({ access_token: 'x', scope: 'openid' });
    expect(ask('POST /auth/token', answer, 200, 'application/json').map(({ protocol }) => protocol)).toEqual(['http']);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the FHIR server of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    const batch = sense(HOSPITAL ?? '');

    it('says what it runs, and answers a search without asking who one is', () => {
      expect(valuesOf(batch, '10.20.30.34', 'fhir.software')).toEqual(['HAPI FHIR Server 6.4.0']);
      expect(valuesOf(batch, '10.20.30.34', 'fhir.version')).toEqual(['4.0.1']);
      expect(valuesOf(batch, '10.20.30.34', 'fhir.authorization')).toEqual(['none']);
      expect(valuesOf(batch, '10.20.30.32', 'fhir.interaction')).toEqual(['capabilities', 'search']);
    });

    it('is told with how long each answer took', () => {
      const records = batch.records.flatMap(({ record }) =>
        record.protocol === 'fhir' ? [record as FhirInteraction] : [],
      );
      expect(records).toHaveLength(2);
      for (const { durationMs } of records) expect(durationMs).toBeGreaterThan(0);
    });
  },
);
