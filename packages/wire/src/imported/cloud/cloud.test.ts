import { describe, expect, it } from 'vitest';
import { promisesOfImport } from '../../testing/import-fuzz.ts';
import { parseFields } from '../field.ts';
import { ImportingSensor } from '../importing-sensor.ts';
import { JsonElements } from '../json-elements.ts';
import { RecordLines } from '../record-lines.ts';
import { createAwsReader } from './aws.ts';
import { readAzureRecord } from './azure.ts';

const VERSION_2 = [
  '2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1777617000 1777617060 ACCEPT OK',
  '2 123456789010 eni-1235b8ca 172.31.16.21 172.31.16.139 22 20641 6 18 5300 1777617000 1777617060 ACCEPT OK',
  '2 123456789010 eni-1235b8ca 172.31.9.69 172.31.9.12 49761 3389 6 1 40 1777617000 1777617060 REJECT OK',
  '2 123456789010 eni-1235b8ca - - - - - - - 1777617000 1777617060 - NODATA',
  '',
].join('\n');
const VERSION_5 = [
  'srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags log-status',
  '10.0.1.5 10.0.2.9 8080 41000 6 4 900 1777617000 1777617005 ACCEPT 18 OK',
  '',
].join('\n');

const NSG_TUPLES = [
  '1777617000,10.0.0.4,10.0.0.9,44931,443,T,O,A,B,,,,',
  '1777617060,10.0.0.4,10.0.0.9,44931,443,T,O,A,E,25,4000,30,9000',
  '1777617061,203.0.113.9,10.0.0.4,51000,3389,T,I,D,B,,,,',
];
const NSG = JSON.stringify(
  {
    records: [
      {
        time: '2026-05-01T06:30:00.000Z',
        category: 'NetworkSecurityGroupFlowEvent',
        properties: { Version: 2, flows: [{ rule: 'r', flows: [{ mac: '000D3AF87856', flowTuples: NSG_TUPLES }] }] },
      },
    ],
  },
  null,
  1,
);
const VNET_TUPLE = '1777617000123,10.0.0.4,10.0.0.9,44931,443,6,O,E,NX,25,4000,30,9000';
const VNET = JSON.stringify({
  records: [
    {
      macAddress: '002248C4FA54',
      flowRecords: { flows: [{ flowGroups: [{ rule: '"}{][', flowTuples: [VNET_TUPLE] }] }] },
    },
  ],
});

function readAws(bytes: Uint8Array): ImportingSensor {
  const importer = new ImportingSensor({ source: 'test', isSample: false });
  const reader = createAwsReader();
  const lines = new RecordLines(
    (line) => reader.line(line, importer),
    () => importer.unreadable('too long'),
  );
  lines.push(bytes);
  lines.end();
  reader.end?.(importer);
  return importer;
}

function readAzure(bytes: Uint8Array, pieces = [bytes]): ImportingSensor {
  const importer = new ImportingSensor({ source: 'test', isSample: false });
  const elements = new JsonElements(
    (text) => {
      const record = parseFields(text);
      if (record === undefined) importer.unreadable('no JSON');
      else readAzureRecord(record, importer);
    },
    () => importer.unreadable('too long'),
  );
  for (const piece of pieces) elements.push(piece);
  return importer;
}

describe('flow logs of AWS', () => {
  it('join both directions of a connection, whichever end the log is of', () => {
    const { flows } = readAws(Buffer.from(VERSION_2)).takeBatch();
    const accepted = flows.filter(({ state }) => state !== 'rejected');
    expect(accepted).toMatchObject([
      { clientIp: '172.31.16.139', serverPort: 22, packetsToServer: 20, packetsToClient: 18, protocol: 'unknown' },
    ]);
  });

  it('show what a security group refused as refused, and what holds no data as such', () => {
    const importer = readAws(Buffer.from(VERSION_2));
    expect(importer.takeBatch().flows).toContainEqual(expect.objectContaining({ state: 'rejected', serverPort: 3389 }));
    expect(importer.account).toMatchObject({ leftOut: 1, unreadable: 0 });
  });

  it('are read in any order of fields, and SYN with ACK shows who answered', () => {
    const { flows } = readAws(Buffer.from(VERSION_5)).takeBatch();
    expect(flows).toMatchObject([{ clientIp: '10.0.2.9', serverIp: '10.0.1.5', serverPort: 8080, packetsToClient: 4 }]);
  });

  promisesOfImport('Flow logs of AWS', readAws, [Buffer.from(VERSION_5), Buffer.from(VERSION_2.split('\n')[0] ?? '')]);
});

describe('flow logs of Azure', () => {
  it('of security groups give begin, end and refusals', () => {
    const { flows } = readAzure(Buffer.from(NSG)).takeBatch();
    expect(flows).toMatchObject([
      { clientIp: '10.0.0.4', clientMac: '00:0d:3a:f8:78:56', state: 'new', packetsToServer: 0 },
      { packetsToServer: 25, bytesToClient: 9000, state: 'established' },
      { clientIp: '203.0.113.9', serverPort: 3389, state: 'rejected', serverMac: '00:0d:3a:f8:78:56' },
    ]);
  });

  it('of virtual networks are told in milliseconds', () => {
    expect(readAzure(Buffer.from(VNET)).takeBatch().flows).toMatchObject([
      { firstSeenMicros: 1_777_617_000_123_000, transport: 'tcp', packetsToClient: 30 },
    ]);
  });

  it('read the same in whatever pieces the document comes', () => {
    const whole = Buffer.from(NSG);
    const pieces = Array.from({ length: whole.length }, (_, index) => whole.subarray(index, index + 1));
    expect(readAzure(whole, pieces).takeBatch()).toEqual(readAzure(whole).takeBatch());
  });

  promisesOfImport('Flow logs of Azure', readAzure, [Buffer.from(NSG), Buffer.from(VNET)]);
});
