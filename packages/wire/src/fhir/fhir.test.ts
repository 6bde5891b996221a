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
