import { describe, expect, it } from 'vitest';
import { http } from '../http/protocol.ts';
import type { HttpRecord } from '../http/types.ts';
import { bytes } from '../testing/bytes.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { dicomweb } from './protocol.ts';
import type { DicomwebTransaction } from './types.ts';

const STUDY = '/dicom-web/studies/1.2.840.113619.2.55.3';
const SERIES = `${STUDY}/series/1.2.3`;
const INSTANCE = `${SERIES}/instances/1.2.4`;
const JSON_TYPE = 'application/dicom+json';
const OBJECTS = 'multipart/related; type="application/dicom"; boundary=b1';

function exchange(request: string, answer: { type?: string; body?: string; status?: number } = {}, sent = ''): Turn[] {
  const { type = JSON_TYPE, body = '[]', status = 200 } = answer;
  const [line = '', ...fields] = request.split('\n');
  const head = [`${line} HTTP/1.1`, 'Host: pacs', ...fields, `Content-Length: ${sent.length}`].join('\r\n');
  const answered = `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  return [client(bytes(`${head}\r\n\r\n${sent}`)), server(bytes(answered))];
}

const isDicomweb = (record: HttpRecord): record is DicomwebTransaction => record.protocol === 'dicomweb';
const transactionsOf = (turns: readonly Turn[]) => play(http, turns).records.filter(isDicomweb);
const transactionOf = (...parameters: Parameters<typeof exchange>) => transactionsOf(exchange(...parameters))[0];

function parts(count: number, type = 'application/dicom', content = 'DICM'): string {
  const part = `--b1\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  return `${part.repeat(count)}--b1--\r\n`;
}

const REFUSED = JSON.stringify({
  '00081198': {
    vr: 'SQ',
    Value: [
      { '00081150': { vr: 'UI', Value: ['1.2.3'] }, '00081197': { vr: 'US', Value: [290] } },
      { '00081150': { vr: 'UI', Value: ['1.2.3'] }, '00081197': { vr: 'US', Value: [272] } },
    ],
  },
  '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.4'] } }] },
});
const STORE = exchange(`POST /dicom-web/studies\nContent-Type: ${OBJECTS}`, { status: 202, body: REFUSED }, parts(3));

describe('DICOMweb', () => {
  it.each([
    ['GET /dicom-web/studies?PatientName=Doe*&limit=5', 'qido', 'search', 'study', ''],
    [`GET ${STUDY}/series`, 'qido', 'search', 'series', ''],
    [`GET ${STUDY}/instances`, 'qido', 'search', 'instance', ''],
    [`GET ${STUDY}`, 'wado', 'retrieve', 'study', 'object'],
    [`GET ${SERIES}/metadata`, 'wado', 'retrieve', 'series', 'metadata'],
    [`GET ${INSTANCE}/frames/1,2`, 'wado', 'retrieve', 'frame', 'object'],
    [`GET ${INSTANCE}/frames/1/rendered`, 'wado', 'retrieve', 'frame', 'rendered'],
    [`GET ${STUDY}/thumbnail`, 'wado', 'retrieve', 'study', 'thumbnail'],
    [`GET ${INSTANCE}/bulkdata/7FE00010`, 'wado', 'retrieve', 'instance', 'bulk-data'],
    [`DELETE ${STUDY}`, 'delete', 'delete', 'study', ''],
    ['GET /ups-rs/workitems?ScheduledStationNameCodeSequence=a', 'ups', 'search', 'workitem', ''],
    ['POST /ups-rs/workitems?1.2.3', 'ups', 'create', 'workitem', ''],
    ['GET /ups-rs/workitems/1.2.3', 'ups', 'retrieve', 'workitem', ''],
    ['POST /ups-rs/workitems/1.2.3?transaction-uid=1.2', 'ups', 'update', 'workitem', ''],
    ['PUT /ups-rs/workitems/1.2.3/state', 'ups', 'change-state', 'workitem', ''],
    ['POST /ups-rs/workitems/1.2.3/cancelrequest', 'ups', 'request-cancellation', 'workitem', ''],
    ['POST /ups-rs/workitems/1.2.3/subscribers/WATCHER', 'ups', 'subscribe', 'workitem', ''],
    ['DELETE /ups-rs/workitems/1.2.3/subscribers/WATCHER', 'ups', 'unsubscribe', 'workitem', ''],
  ])('tells what "%s" is', (request, transaction, operation, resource, representation) => {
    expect(transactionOf(request)).toMatchObject({ transaction, operation, resource, representation, status: 200 });
  });

  it('tells a store with how many instances were sent, how many were refused and why', () => {
    expect(transactionsOf(STORE)).toMatchObject([
      {
        transaction: 'stow',
        requestType: 'application/dicom',
        objects: 3,
        failedObjects: 2,
        failureReasons: ['refused: SOP class not supported', 'processing failure'],
        outcome: 'success',
      },
    ]);
  });

  it('counts the matches of a search and the objects of a retrieval', () => {
    const matches = '[{"00100010":{"Value":[{"Alphabetic":"Do\\"e^{["}]}},{"0020000D":{}}]';
    expect(transactionOf('GET /rs/studies', { body: matches })?.objects).toBe(2);
    expect(transactionOf('GET /rs/studies', { status: 204, body: '' })?.objects).toBe(0);
    const retrieved = transactionOf(`GET ${STUDY}`, { type: OBJECTS, body: parts(4) });
    expect(retrieved).toMatchObject({ objects: 4, responseType: 'application/dicom', failedObjects: undefined });
  });

  it('says nothing of a number where objects were lost', () => {
    const [ask, answer] = exchange(`GET ${STUDY}`, { type: OBJECTS, body: parts(40) });
    if (ask === undefined || answer === undefined) throw new Error('no exchange');
    const lost = { direction: 'to-client', lost: 500 } as const;
    const { records } = play(http, [ask, server(answer.bytes.slice(0, 400)), lost, server(answer.bytes.slice(900))]);
    expect(records.filter(isDicomweb)).toMatchObject([{ objects: undefined, responseBytes: parts(40).length }]);
  });

  it('knows the service by URI, rendered or not', () => {
    const uri = 'GET /wado?requestType=WADO&studyUID=1.2&seriesUID=1.3&objectUID=1.4';
    expect(transactionOf(uri, { type: 'image/jpeg' })).toMatchObject({
      transaction: 'wado-uri',
      representation: 'rendered',
      objects: 1,
    });
    expect(transactionOf(uri, { type: 'application/dicom' })).toMatchObject({ representation: 'object' });
  });

  it('tells to which state a workitem is changed', () => {
    const state = '{"00081195":{"vr":"UI","Value":["1.2"]},"00741000":{"vr":"CS","Value":["IN PROGRESS"]}}';
    const request = `PUT /workitems/1.2.3/state\nContent-Type: ${JSON_TYPE}`;
    expect(transactionOf(request, { body: '{}' }, state)?.workitemState).toBe('IN PROGRESS');
  });

  it('takes no other studies and no other server for it', () => {
    const plain = { type: 'application/json' };
    expect(transactionOf('GET /studies', plain)).toBeUndefined();
    expect(transactionOf('GET /studies/ab12cd34-ab12cd34/series', plain)).toBeUndefined();
    expect(transactionOf('GET /university/studies/2026/courses', plain)).toBeUndefined();
    expect(transactionOf(`GET ${STUDY}/series`, { ...plain, status: 404 })).toMatchObject({ outcome: 'failure' });
  });

  it('says what it takes from whom, and never a UID or what is searched for', () => {
    const { records } = play(http, [
      ...exchange('GET /rs/studies?PatientName=Doe&00100020=4711'),
      ...exchange(`GET ${INSTANCE}`, { type: OBJECTS, body: parts(1, 'application/dicom', 'Doe^Jane') }),
      ...exchange('POST /workitems/1.2.3/subscribers/WATCHER'),
    ]);
    expect(JSON.stringify(records)).not.toMatch(/Doe|4711|1\.2\./);
    expect(evidenceOf(dicomweb, records.filter(isDicomweb))).toContain('dicomweb.authorization=none (server)');
  });
});

describe('hostile bodies of DICOMweb', () => {
  promisesOfStreamRoom(http, [
    STORE,
    exchange(`GET ${STUDY}`, { type: OBJECTS, body: parts(3) }),
    exchange('GET /rs/studies', { body: '[{"a":[{}]},{}]' }),
  ]);
});
