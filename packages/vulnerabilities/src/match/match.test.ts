import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedProduct } from '../advisory.ts';
import { readCveRecord } from '../cve/read-cve-record.ts';
import { readDistributionVersion } from './distribution-version.ts';
import { AdvisoryIndex, SoftwareIndex } from './match-index.ts';
import { namesOfPackage } from './product-names.ts';
import type { SoftwareItem } from './software.ts';

const software = (name: string, version: string, more: Partial<SoftwareItem> = {}): SoftwareItem => ({
  vendor: '',
  name,
  version,
  ...more,
});

function advise(affected: readonly object[], id = 'CVE-2024-0001'): Advisory {
  const reading = readCveRecord({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: id, state: 'PUBLISHED' },
    containers: { cna: { affected } },
  });
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.advisory;
}

const OPENSSL = {
  vendor: 'OpenSSL',
  product: 'OpenSSL',
  cpes: ['cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*'],
  versions: [
    { status: 'affected', version: '1.1.1', lessThan: '1.1.1m', versionType: 'custom' },
    { status: 'affected', version: '3.0.0', lessThan: '3.0.1', versionType: 'semver' },
  ],
};

const statusOf = (item: SoftwareItem, ...affected: readonly object[]) =>
  new AdvisoryIndex([advise(affected)]).match(item)[0]?.status;

describe('a software item', () => {
  it('is affected within a range, mended after it, and unknown where the source says nothing or no version is known', () => {
    expect(['1.1.1k', '3.0.1', '1.0.1', ''].map((version) => statusOf(software('openssl', version), OPENSSL))).toEqual([
      'affected',
      'fixed',
      'unknown',
      'unknown',
    ]);
  });

  it('is found by purl, CPE, vendor and name, or name, and the match says which', () => {
    const npm = {
      product: 'left',
      packageName: 'left-pad',
      collectionURL: 'https://registry.npmjs.org',
      versions: [{ status: 'affected', version: '1.0.0' }],
    };
    const index = new AdvisoryIndex([advise([npm, OPENSSL])]);
    const identities = [
      software('left-pad', '1.0.0', { purl: 'pkg:npm/left-pad@1.0.0' }),
      software('x', '3.0.0', { cpe: 'cpe:/a:openssl:openssl:3.0.0' }),
      software('openssl', '3.0.0', { vendor: 'OpenSSL Project' }),
      software('openssl', '3.0.0'),
    ].map((item) => index.match(item)[0]?.identity);
    expect(identities).toEqual(['purl', 'cpe', 'vendor-and-name', 'name']);
  });

  it('of another vendor or with another name is not matched', () => {
    expect(statusOf(software('openssl', '3.0.0', { vendor: 'Acme' }), OPENSSL)).toBeUndefined();
    expect(statusOf(software('libressl', '3.0.0'), OPENSSL)).toBeUndefined();
  });

  it('says whether a status rests on this very version, a range or the product', () => {
    const product = { vendor: 'v', product: 'p' };
    const quality = (versions: readonly object[] | undefined, version: string) =>
      new AdvisoryIndex([advise([{ ...product, defaultStatus: 'affected', versions }])]).match(
        software('p', version),
      )[0];
    expect(quality([{ status: 'affected', version: '2' }], '2')).toMatchObject({ quality: 'exact-version' });
    expect(quality([{ status: 'affected', version: '1', lessThan: '3' }], '2')).toMatchObject({ quality: 'range' });
    expect(quality(undefined, '2')).toMatchObject({ status: 'affected', quality: 'product' });
  });
});

describe('a package of a distribution', () => {
  it('is known by what it was built from, and may be mended though its version is affected', () => {
    for (const [name, version] of [
      ['libssl1.1', '1.1.1d-0+deb10u6'],
      ['openssl-libs', '1:1.1.1g-15.el8_3'],
      ['libcrypto1.1', '1.1.1i-r0'],
    ] as const) {
      const [match] = new AdvisoryIndex([advise([OPENSSL])]).match(software(name, version));
      expect(match, name).toMatchObject({ status: 'affected', mayBeMended: true });
    }
  });

  it('is judged by what its own distribution says of its own release, where it does', () => {
    const redHat = (release: number, version: string) => ({
      vendor: 'Red Hat',
      product: `Red Hat Enterprise Linux ${release}`,
      packageName: 'openssl',
      collectionURL: 'https://access.redhat.com/downloads/content/package-browser/',
      defaultStatus: 'affected',
      versions: [{ version, lessThan: '*', versionType: 'rpm', status: 'unaffected' }],
    });
    const entries = [OPENSSL, redHat(8, '1:1.1.1k-5.el8'), redHat(9, '1:1.1.1k-9.el9')];
    expect(statusOf(software('openssl', '1:1.1.1k-6.el8'), ...entries)).toBe('fixed');
    expect(statusOf(software('openssl', '1:1.1.1k-6.el9'), ...entries)).toBe('affected');
    expect(statusOf(software('openssl', '1.1.1k-r0'), ...entries)).toBe('affected');
  });

  it('has a version of its maker and one of its distribution', () => {
    expect(readDistributionVersion('2:8.39-13+deb11u1')).toMatchObject({
      distribution: 'debian',
      release: '11',
      upstream: '8.39',
    });
    expect(readDistributionVersion('2.34-60.el9_2.7')).toMatchObject({
      distribution: 'redhat',
      release: '9',
      upstream: '2.34',
    });
    expect(readDistributionVersion('1.9.4+dfsg-1ubuntu2')).toMatchObject({ distribution: 'ubuntu', upstream: '1.9.4' });
    expect(readDistributionVersion('1.2.11-r3')).toMatchObject({ distribution: 'alpine', upstream: '1.2.11' });
    for (const version of ['1.2.3', '1.2.3-beta.1', '2.9.10.8', '11.3.0-rc1', '']) {
      expect(readDistributionVersion(version), version).toBeUndefined();
    }
  });

  it('has the names of what it was split from', () => {
    expect(namesOfPackage('libglib-2_0-0')).toContain('glib');
    expect(namesOfPackage('httpd-tools')).toContain('apachehttpserver');
    expect(namesOfPackage('java-17-openjdk-headless')).toContain('openjdk');
    expect(namesOfPackage('github.com/grafana/grafana/v9')).toContain('grafana');
  });
});

describe('both ways of matching', () => {
  it('say the same', () => {
    const version = fc.constantFrom('1.0', '1.1.1k', '3.0.0-1.el9', '', 'x', '2:8.39-3');
    const name = fc.constantFrom('openssl', 'libssl3', 'curl', 'kernel-headers', 'a/b', '');
    const items = fc.array(fc.record({ vendor: fc.constantFrom('', 'openssl'), name, version }), { maxLength: 8 });
    const entry = fc.record({
      vendor: fc.constantFrom('n/a', 'OpenSSL'),
      product: fc.constantFrom('OpenSSL', 'curl', 'Linux', 'b'),
      versions: fc.array(fc.record({ version, lessThan: version, status: fc.constantFrom('affected', 'unaffected') })),
    });
    fc.assert(
      fc.property(items, fc.array(entry, { maxLength: 4 }), (some, affected) => {
        const advisory = advise(affected);
        const byItem = some.flatMap((item) => new AdvisoryIndex([advisory]).match(item).map(({ status }) => status));
        const byAdvisory = new SoftwareIndex(some).match(advisory).map(({ status }) => status);
        expect([...byAdvisory].sort()).toEqual([...byItem].sort());
      }),
    );
  });

  it('leave out what was withdrawn', () => {
    const advisory = { ...advise([OPENSSL]), isWithdrawn: true };
    expect(new SoftwareIndex([software('openssl', '3.0.0')]).match(advisory)).toEqual([]);
    expect(new AdvisoryIndex([advisory]).match(software('openssl', '3.0.0'))).toEqual([]);
  });

  it('take entries of any shape', () => {
    const odd: AffectedProduct = {
      product: { vendor: '', name: '', cpes: ['x', 'cpe:2.3:a:openssl:openssl'], purls: ['pkg:'], platforms: [] },
      versions: [],
      otherVersions: 'unknown',
      note: '',
    };
    const advisory = { ...advise([]), affected: [odd] };
    expect(new AdvisoryIndex([advisory]).match(software('openssl', '1'))).toHaveLength(1);
  });
});
