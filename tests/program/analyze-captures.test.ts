import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Asset } from '@sphinx/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadIdentificationKnowledge } from '../../services/asset-inventory/classification/load-knowledge.ts';
import { kindOfLabel, labelledHosts, visibleAttributes } from '../hospital-lab.ts';
import { sharedData } from '../shared-data.ts';
import { runSphinx } from './start-program.ts';

const MLLP = sharedData('pcaps/hl7-mllp.pcap');
const LAB = sharedData('pcaps/hospital-lab.pcap');
const LABELS = sharedData('pcaps/hospital-lab.labels.json');
const LOOPBACK = sharedData('pcaps/orthanc-dcmtk-loopback.pcap');
const isAbsent = [MLLP, LAB, LABELS, LOOPBACK].includes(undefined);
const RUN_LIMIT_MS = 240_000;

interface Printed {
  readonly files: readonly { readonly path: string; readonly state: string; readonly packets: number }[];
  readonly assets: readonly (Asset & { readonly verification: { readonly verdict: string } | null })[];
}

describe.skipIf(isAbsent)('sphinx analyze (skipped where shared/data/pcaps is absent)', () => {
  let printed: Printed = { files: [], assets: [] };

  beforeAll(async () => {
    const input = gzipSync(readFileSync(MLLP ?? ''));
    const { code, output, errors } = await runSphinx(['analyze', '-', LAB ?? '', LOOPBACK ?? '', '--json'], { input });
    expect(errors).toBe('');
    expect(code).toBe(0);
    printed = JSON.parse(output);
  }, RUN_LIMIT_MS);

  it('reads captures from files and, packed, from standard input', () => {
    expect(printed.files.map(({ state, packets }) => `${state} ${packets}`)).toEqual([
      'finished 79',
      'finished 1343',
      'finished 1473',
    ]);
  });

  it('finds every host of the laboratory once, of its kind, with the attributes that it shows, and judges it', async () => {
    const folder = fileURLToPath(new URL('../../knowledge', import.meta.url));
    const { kinds } = await loadIdentificationKnowledge(folder);
    for (const host of labelledHosts(LABELS ?? '')) {
      const found = printed.assets.filter(
        ({ ips, macs, hostnames }) =>
          ips.includes(host.ip ?? '') || macs.includes(host.mac ?? '') || hostnames.includes(host.hostname ?? ''),
      );
      expect(found.map(({ facts }) => facts.kind?.value)).toEqual([kindOfLabel(host, kinds.values())]);
      const facts = found[0]?.facts;
      for (const [name, value] of visibleAttributes(host)) expect(facts?.[name]?.value).toBe(value);
      expect(found[0]?.verification?.verdict).toMatch(/trusted|conditional|rejected|insufficient-evidence/);
    }
  });

  it('finds every archive, workstation and interface engine of the recorded sessions', () => {
    const programs = printed.assets.filter(({ ips }) => ips.includes('127.0.0.1'));
    const described = programs.map(({ name, facts }) => `${name} ${facts.kind?.value ?? 'unknown'}`);
    expect(described.sort()).toEqual([
      '127.0.0.1 http unknown',
      '127.0.0.1:18042 unknown',
      expect.stringMatching(/ interface-engine$/),
      expect.stringMatching(/ interface-engine$/),
      'MOVESCU dicom-workstation',
      'STORESCU dicom-workstation',
      'TESTPACS dicom-archive',
    ]);
  });
});
