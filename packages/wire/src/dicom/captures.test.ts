import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import type { DicomRecord } from './types.ts';

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');
const LOOPBACK = sharedData('pcaps/orthanc-dcmtk-loopback.pcap');

function dicomRecords(path: string): readonly DicomRecord[] {
  const { records } = sense(path);
  return records.flatMap(({ record }) => (record.protocol === 'dicom' ? [record as DicomRecord] : []));
}

describe.skipIf(HOSPITAL === undefined)('The small hospital (needs shared/data/pcaps)', () => {
  const batch = sense(HOSPITAL ?? '');

  it.each([
    ['10.20.30.21', 'CT_AUFNAHME', 'CT', 'SIEMENS', 'SOMATOM Definition AS', '66021', 'syngo CT VA48A'],
    ['10.20.30.22', 'MR_ECHO', 'MR', 'Philips Medical Systems', 'Ingenia', '42011', '5.3.1'],
    ['10.20.30.23', 'US_KARDIO', 'US', 'GE Healthcare Ultrasound', 'Vivid E95', 'VE95-1188', '203.66.0'],
  ])('finds the modality at %s with title, implementation, role and what it is', (ip, title, ...device) => {
    const [modality, manufacturer, model, serial, software] = device;
    expect(valuesOf(batch, ip, 'dicom.ae-title')).toEqual([title]);
    expect(valuesOf(batch, ip, 'dicom.role')).toEqual(['scu']);
    expect(valuesOf(batch, ip, 'dicom.implementation-version')).toEqual(['OFFIS_DCMTK_367']);
    expect(valuesOf(batch, ip, 'dicom.operation')).toEqual(['C-ECHO', 'C-STORE']);
    expect(valuesOf(batch, ip, 'dicom.modality')).toEqual([modality]);
    expect(valuesOf(batch, ip, 'dicom.manufacturer')).toEqual([manufacturer]);
    expect(valuesOf(batch, ip, 'dicom.model')).toEqual([model]);
    expect(valuesOf(batch, ip, 'dicom.serial')).toEqual([serial]);
    expect(valuesOf(batch, ip, 'dicom.software-versions')).toEqual([software]);
  });

  it('finds the archive with its title, role and what it accepts', () => {
    expect(valuesOf(batch, '10.20.30.10', 'dicom.ae-title')).toEqual(['RADARCHIV']);
    expect(valuesOf(batch, '10.20.30.10', 'dicom.role')).toEqual(['scp']);
    expect(valuesOf(batch, '10.20.30.10', 'dicom.sop-class')).toEqual(
      expect.arrayContaining(['CT Image Storage', 'Study Root Query/Retrieve - FIND']),
    );
  });

  it('says why the C-MOVE of the workstation failed', () => {
    const moves = batch.records.filter(
      ({ record }) => 'operation' in record && (record as { operation: unknown }).operation === 'C-MOVE',
    );
    expect(moves.map(({ record }) => record)).toMatchObject([
      { outcome: 'failure', statusName: 'cannot understand, or unable to process', status: 0xc000 },
    ]);
  });
});

describe.skipIf(LOOPBACK === undefined)('dcmtk and Orthanc on one machine (needs shared/data/pcaps)', () => {
  const records = dicomRecords(LOOPBACK ?? '');
  const operations = records.filter((record) => record.activity === 'operation');

  it('pairs every request with its answer', () => {
    const count = (operation: string) => operations.filter((record) => record.operation === operation).length;
    const counts = Object.fromEntries(['C-ECHO', 'C-STORE', 'C-FIND', 'C-MOVE', 'C-GET'].map((o) => [o, count(o)]));
    expect(counts).toEqual({ 'C-ECHO': 2, 'C-STORE': 37, 'C-FIND': 2, 'C-MOVE': 1, 'C-GET': 1 });
    expect(operations.every(({ outcome }) => outcome === 'success')).toBe(true);
    expect(operations.every(({ durationMs }) => durationMs !== undefined && durationMs >= 0)).toBe(true);
  });

  it('tells the C-STORE that a C-MOVE caused from one that a client wanted', () => {
    expect(operations.filter(({ moveOriginator }) => moveOriginator !== '')).toMatchObject([
      { operation: 'C-STORE', moveOriginator: 'MOVESCU', invokedBy: 'client' },
    ]);
  });

  it('sees the store inside a C-GET as the work of the server, with its sub-operations', () => {
    expect(operations.filter(({ invokedBy }) => invokedBy === 'server')).toMatchObject([{ operation: 'C-STORE' }]);
    expect(operations.find(({ operation }) => operation === 'C-GET')).toMatchObject({
      queryLevel: 'PATIENT',
      subOperations: { completed: 1, failed: 0 },
    });
  });

  it('counts associations, releases and aborts', () => {
    const count = (activity: string) => records.filter((record) => record.activity === activity).length;
    expect(count('associate-request')).toBe(79);
    expect(count('release') + count('abort')).toBe(79);
    expect(count('abort')).toBe(37);
  });
});
