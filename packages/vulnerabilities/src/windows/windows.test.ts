import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Advisory, Remedy } from '../advisory.ts';
import { readCveRecord } from '../cve/read-cve-record.ts';
import { AdvisoryIndex } from '../match/match-index.ts';
import { WindowsReleaseList, WindowsReleases } from './windows-releases.ts';
import { readWindowsSystem } from './windows-system.ts';
import { leastBuildOf, readKbName, windowsUpdatesOf } from './windows-updates.ts';

const file = fileURLToPath(new URL('../../../../knowledge/windows-releases/releases.yaml', import.meta.url));
const releases = new WindowsReleases(WindowsReleaseList.parse(parse(readFileSync(file, 'utf8'))).releases);
const namesOf = (name: string, version: string, isServer?: boolean) =>
  releases.read({ name, version }, isServer)?.items.map((item) => `${item.name} ${item.version}`.trim());

describe('Windows is known by its build', () => {
  it.each([
    ['Windows', '10.0.19045', ['Windows 10 Version 22H2']],
    ['Windows 10.0.17763', '', ['Windows 10 Version 1809', 'Windows Server 2019']],
    ['Microsoft Windows Server 2019 Standard', '10.0.17763.5329', ['Windows Server 2019 10.0.17763.5329']],
    ['Microsoft Windows 10 Enterprise LTSC', '10.0.17763', ['Windows 10 Version 1809']],
    ['Microsoft Windows 11 Pro', '10.0.26100.4061', ['Windows 11 Version 24H2 10.0.26100.4061']],
    ['Windows 11', '22631', ['Windows 11 Version 23H2']],
    ['Microsoft Windows [Version 10.0.20348.2227]', '', ['Windows Server 2022 10.0.20348.2227']],
    ['Microsoft Windows 7 Professional', '6.1.7601', ['Windows 7 Service Pack 1']],
    // What programs write that do not ask for the revision says nothing of updates.
    ['Windows 10 Pro', '10.0.19045.0', ['Windows 10 Version 22H2']],
  ])('%s %s', (name, version, expected) => {
    expect(namesOf(name, version)).toEqual(expected);
  });

  it.each([
    ['Windows Admin Center', '1.2'],
    ['Windows Defender', '10.0.19045.1'],
    ['Windows 10 Pro', ''],
    ['Windows', '10.0.99999'],
    ['OpenSSH for Windows', '10.0.19045'],
    ['Windows 10', '110.0.19045.1234567'],
  ])('and nothing is said of %s %s', (name, version) => {
    expect(namesOf(name, version)).toBeUndefined();
  });

  it('takes what else is known of the device where the build is of client and server', () => {
    expect(namesOf('Windows', '10.0.14393', true)).toEqual(['Windows Server 2016']);
    expect(namesOf('Windows', '10.0.14393', false)).toEqual(['Windows 10 Version 1607']);
  });

  it('never throws, whatever is written', () => {
    const text = fc.string({ unit: fc.constantFrom(...'Windows 10.Server0KB[]9\0é'.split('')), maxLength: 80 });
    fc.assert(
      fc.property(text, text, (name, version) => {
        readWindowsSystem(name, version);
        readWindowsSystem(`Windows ${name}`, version);
        const remedy: Remedy = { kind: 'fix', text: name, url: version, products: [] };
        for (const { kb } of windowsUpdatesOf({ remedies: [remedy] })) expect(readKbName(kb)).toBe(kb);
      }),
    );
  });
});

describe('A record of Microsoft', () => {
  const record = (lessThan: string) => ({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: 'CVE-2026-1000', state: 'PUBLISHED', assignerOrgId: '00000000-0000-4000-8000-000000000000' },
    containers: {
      cna: {
        providerMetadata: { orgId: '00000000-0000-4000-8000-000000000000', shortName: 'microsoft' },
        descriptions: [{ lang: 'en', value: 'Invented.' }],
        references: [{ url: 'https://example.org/' }],
        affected: [
          {
            vendor: 'Microsoft',
            product: 'Windows 10 Version 22H2',
            versions: [{ version: '10.0.19045.0', lessThan, status: 'affected', versionType: 'custom' }],
          },
          {
            vendor: 'Microsoft',
            product: 'Windows Server 2019 (Server Core installation)',
            versions: [
              { version: '10.0.17763.0', lessThan: '10.0.17763.5329', status: 'affected', versionType: 'custom' },
            ],
          },
        ],
      },
    },
  });
  const advisoryOf = (lessThan: string): Advisory => {
    const reading = readCveRecord(record(lessThan));
    if (!('advisory' in reading)) throw new Error('the record is not read');
    return reading.advisory;
  };
  const judge = (name: string, version: string, isAtLeast = false) => {
    const items = releases.read({ name, version })?.items ?? [];
    return new AdvisoryIndex([advisoryOf('10.0.19045.3930')])
      .match({
        ...items[0],
        vendor: 'Microsoft',
        name: items[0]?.name ?? name,
        version: items[0]?.version ?? version,
        ...(isAtLeast ? { isAtLeast } : {}),
      })
      .map(({ status, quality, mayBeMended }) => [status, quality, mayBeMended]);
  };

  it('holds for builds before the one that mends it, and for no other release', () => {
    expect(judge('Windows 10 Pro', '10.0.19045.3803')).toEqual([['affected', 'range', false]]);
    expect(judge('Windows 10 Pro', '10.0.19045.3930')).toEqual([['fixed', 'range', false]]);
    expect(judge('Windows 10 Pro', '10.0.19044.3803')).toEqual([]);
    expect(judge('Windows Server 2019', '10.0.17763.5000')).toEqual([['affected', 'range', false]]);
  });

  it('says nothing for certain of a build whose revision nobody told', () => {
    expect(judge('Windows 10 Pro', '10.0.19045')).toEqual([['unknown', 'product', false]]);
  });

  it('may be mended where only the least build is known', () => {
    expect(judge('Windows 10 Pro', '10.0.19045.3803', true)).toEqual([['affected', 'range', true]]);
    expect(judge('Windows 10 Pro', '10.0.19045.4000', true)).toEqual([['fixed', 'range', false]]);
  });
});

describe('Updates of Windows', () => {
  const fix = (text: string, url: string, kind: Remedy['kind'] = 'fix'): Remedy => ({ kind, text, url, products: [] });

  it('are read from the fixes that records name', () => {
    const remedies = [
      fix(
        '10.0.19045.3930:Security Update:https://support.microsoft.com/help/5034122',
        'https://support.microsoft.com/help/5034122',
      ),
      fix('Build 10.0.17763.5329', 'https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5034127'),
      fix('KB5034129: 10.0.20348.2227', ''),
      fix('10.0.22631.3007', 'https://example.org/'),
      fix('10.0.22631.3007 KB5034123', '', 'workaround'),
    ];
    expect(windowsUpdatesOf({ remedies })).toEqual([
      { kb: 'KB5034122', version: '10.0.19045.3930' },
      { kb: 'KB5034127', version: '10.0.17763.5329' },
      { kb: 'KB5034129', version: '10.0.20348.2227' },
    ]);
  });

  it('bring a device to the newest of the builds that are about its own', () => {
    const builds: Record<string, readonly string[]> = {
      KB1000001: ['10.0.19045.900', '10.0.19044.9999'],
      KB1000002: ['10.0.19045.3930'],
      KB1000003: ['10.0.22631.3007'],
    };
    const least = (kbs: readonly string[]) => leastBuildOf('10.0.19045', kbs, (kb) => builds[kb] ?? []);
    expect(least(['KB1000002', 'KB1000001', 'KB1000003'])).toBe('10.0.19045.3930');
    expect(least(['KB1000003', 'KB9999999'])).toBeUndefined();
  });
});
