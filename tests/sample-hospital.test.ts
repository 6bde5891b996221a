import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset, Verification } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analyzeCaptures } from '../apps/sphinx/src/runtime/analyze-captures.ts';
import { resolvePaths } from '../apps/sphinx/src/runtime/paths.ts';
import { HOSPITAL, type HostId } from '../services/traffic-monitoring/sample/hospital.ts';
import { writeSampleCapture } from '../services/traffic-monitoring/sample/write-sample-capture.ts';

let folder = '';
let analysis: Analysis;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-sample-hospital-'));
  const capture = join(folder, 'sample.pcap');
  await writeSampleCapture(capture, Date.now());
  const paths = resolvePaths({ data: join(folder, 'data') });
  analysis = await analyzeCaptures({ paths, files: [capture], onProgress: () => {} });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function assetOf(host: HostId): Asset | undefined {
  return analysis.assets.find(({ macs }) => macs.includes(HOSPITAL[host].mac));
}

function verificationOf(host: HostId): Verification | undefined {
  return analysis.verifications.find(({ assetId }) => assetId === assetOf(host)?.id);
}

function failedChecks(host: HostId): readonly string[] {
  const results = verificationOf(host)?.results ?? [];
  return results.filter(({ outcome }) => outcome === 'fail').map(({ checkId }) => checkId);
}

describe('the sample hospital, from packets to verdicts', () => {
  it('is found whole: one asset for each of its hosts, and none for the internet', () => {
    expect(analysis.assets.map(({ macs }) => macs[0]).sort()).toEqual(
      Object.values(HOSPITAL)
        .map(({ mac }) => mac)
        .sort(),
    );
  });

  it.each([
    ['ct', 'ct-scanner'],
    ['mr', 'mr-scanner'],
    ['ultrasound', 'ultrasound'],
    ['pacs', 'dicom-archive'],
    ['lis', 'lis'],
    ['pump', 'infusion-pump'],
    ['monitor', 'patient-monitor'],
    ['analyser', 'laboratory-analyser'],
    ['printer', 'printer'],
    ['camera', 'ip-camera'],
    ['building', 'building-control'],
    ['workstation', 'workstation'],
    ['fileServer', 'file-server'],
    ['gateway', 'network-gateway'],
  ] as const)('shows the %s as what it is: %s', (host, kind) => {
    expect(assetOf(host)?.facts.kind).toMatchObject({ value: kind, evidence: expect.any(Array) });
  });

  it.each([
    ['pump', 'telnet-absent'],
    ['printer', 'snmp-default-community'],
    ['analyser', 'certificate-not-expired'],
    ['ultrasound', 'clinical-device-off-internet'],
  ] as const)('finds what is wrong with the %s: %s', (host, check) => {
    expect(failedChecks(host)).toContain(check);
  });

  it('rejects the pump, which can kill, for a Telnet login, and trusts the file server, with which nothing is wrong', () => {
    expect(verificationOf('pump')).toMatchObject({ verdict: 'rejected', policy: { id: 'infusion' } });
    expect(verificationOf('fileServer')).toMatchObject({ verdict: 'trusted' });
  });

  it('shows all four verdicts, so that a newcomer sees each', () => {
    expect(new Set(analysis.verifications.map(({ verdict }) => verdict)).size).toBe(4);
  });
});
