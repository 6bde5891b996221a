import { describe, expect, it } from 'vitest';
import {
  GREENBONE_EXAMPLE,
  GRYPE_EXAMPLE,
  NESSUS_EXAMPLE,
  NMAP_EXAMPLE,
  QUALYS_CSV_EXAMPLE,
  QUALYS_DETECTIONS_EXAMPLE,
  QUALYS_REPORT_EXAMPLE,
  TRIVY_EXAMPLE,
} from './examples-scanners.ts';
import { readExample } from './test-import.ts';

describe('a report of nmap', () => {
  it('gives each host that is up with addresses, services, products and what its scripts found', async () => {
    const { format, reports } = await readExample(NMAP_EXAMPLE);
    expect([format.id, reports.length]).toEqual(['nmap', 1]);
    const [host] = reports;
    expect(host?.device).toEqual({
      ips: ['10.20.0.15'],
      macs: ['00:12:21:0a:0b:0c'],
      hostnames: ['spacecom-15.icu.example'],
      serial: undefined,
    });
    expect(host?.takenAtMs).toBe(1_764_490_060_000);
    expect(host?.evidence.map(({ attribute, value, port }) => [attribute, value, port])).toEqual([
      ['report.operating-system', 'Linux 3.2 - 4.9', undefined],
      ['report.service', 'OpenSSH 7.4 (protocol 2.0)', 22],
      ['report.service', 'lighttpd 1.4.45', 443],
    ]);
    expect(host?.evidence.at(-1)?.protocol).toBe('https');
    expect(host?.software?.items).toContainEqual({
      kind: 'application',
      vendor: '',
      name: 'lighttpd',
      version: '1.4.45',
      cpe: 'cpe:/a:lighttpd:lighttpd:1.4.45',
    });
    expect(host?.weaknesses).toMatchObject([
      { id: 'ssl-poodle', cves: ['CVE-2014-3566'], severity: 'high', port: 443, transport: 'tcp', certainty: 95 },
    ]);
  });
});

describe('a report of Nessus', () => {
  it('gives hosts with their names, the programs of Windows, and weaknesses with installed and fixed version', async () => {
    const { tool, reports } = await readExample(NESSUS_EXAMPLE);
    expect(tool).toBe('Nessus 10.8.3');
    const [viewer, linux] = reports;
    expect(viewer?.device).toMatchObject({
      ips: ['10.20.0.40'],
      macs: ['02:00:00:00:00:40', '02:00:00:00:00:41'],
      hostnames: ['pacs-view-2.example', 'PACS-VIEW-2'],
    });
    expect(viewer?.takenAtMs).toBe(1_764_483_002_000);
    expect(viewer?.software?.isComplete).toBe(true);
    expect(viewer?.software?.items.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'Mozilla Firefox 115.3.0 (x64 en-US) 115.3.0',
      'RadiAnt DICOM Viewer 2023.1',
      'windows 10 1809 ',
      'firefox 115.3.0',
    ]);
    expect(viewer?.weaknesses).toMatchObject(
      [
        { id: '18405', severity: 'medium', port: 3389, cves: ['CVE-2005-1794'] },
        { id: '182852', severity: 'critical', version: '115.3.0', fixedVersion: '115.3.1', remedy: /Upgrade to/ },
      ].map(({ remedy, ...rest }) => ({ ...rest, ...(remedy && { remedy: expect.stringMatching(remedy) as string }) })),
    );
    expect(linux?.software?.items.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'dcmtk 3.6.7-9',
      'libssl3 3.0.11-1~deb12u2',
    ]);
    expect(linux?.weaknesses).toEqual([]);
  });
});

describe('a report of Greenbone', () => {
  it('joins results and details of each host, and tells how sure a result is', async () => {
    const { reports } = await readExample(GREENBONE_EXAMPLE);
    expect(reports).toHaveLength(1);
    const [host] = reports;
    expect(host?.device).toMatchObject({ ips: ['10.20.0.50'], hostnames: ['lis-analyser.example'] });
    expect(host?.software?.items.map(({ kind, name, version }) => [kind, name, version])).toEqual([
      ['operating-system', 'debian linux', '9'],
      ['application', 'openssh', '7.4'],
    ]);
    expect(
      host?.weaknesses?.map(({ severity, certainty, cves, version, fixedVersion }) => [
        severity,
        certainty,
        cves.length,
        version,
        fixedVersion,
      ]),
    ).toEqual([
      ['medium', 98, 2, undefined, undefined],
      ['critical', 30, 2, '7.4', '8.0'],
    ]);
  });
});

describe('reports of Qualys', () => {
  it('leave out what is fixed or only informational', async () => {
    const { reports } = await readExample(QUALYS_DETECTIONS_EXAMPLE);
    expect(reports[0]?.device).toMatchObject({ ips: ['10.20.0.60'], hostnames: ['ris-db.example', 'RIS-DB'] });
    expect(reports[0]?.weaknesses?.map(({ id, severity, certainty }) => [id, severity, certainty])).toEqual([
      ['91345', 'critical', 95],
      ['38170', 'low', 50],
    ]);
  });

  it('take titles, CVE numbers and remedies from the glossary', async () => {
    const { reports } = await readExample(QUALYS_REPORT_EXAMPLE);
    expect(reports[0]?.weaknesses).toEqual([
      {
        id: '376157',
        title: 'Apache Log4j Remote Code Execution',
        cves: ['CVE-2021-44228'],
        severity: 'critical',
        port: 8443,
        transport: 'tcp',
        certainty: 95,
        version: '2.14.1',
        fixedVersion: '2.17.1',
        remedy: 'Update to 2.17.1 or later.',
      },
    ]);
  });

  it('in CSV have their table after some lines, and say which row names no device', async () => {
    const { format, reports, problems } = await readExample(QUALYS_CSV_EXAMPLE);
    expect(format.id).toBe('qualys-csv');
    expect(reports[0]?.weaknesses?.map(({ id, cves }) => [id, cves])).toEqual([
      ['38739', []],
      ['38794', ['CVE-2011-3389', 'CVE-2014-3566']],
    ]);
    expect(problems).toEqual([{ where: 'line 9', what: 'names no device: IP and DNS are empty' }]);
  });
});

describe('reports of scanners of images', () => {
  it('of Trivy list all packages with their package URLs', async () => {
    const { reports } = await readExample(TRIVY_EXAMPLE);
    const [report] = reports;
    expect(report?.software).toMatchObject({ method: 'scanner', isComplete: true });
    expect(report?.software?.items.map(({ kind, name, version }) => `${kind} ${name} ${version}`)).toEqual([
      'operating-system debian 12.2',
      'package libssl3 3.0.11-1~deb12u1',
      'package vim 2:9.0.1378-2',
      'library ws 8.13.0',
    ]);
    expect(report?.weaknesses).toMatchObject([
      { id: 'CVE-2023-5363', severity: 'high', fixedVersion: '3.0.11-1~deb12u2', software: 'libssl3' },
    ]);
  });

  it('of Grype name the CVE that an advisory is about', async () => {
    const { tool, reports } = await readExample(GRYPE_EXAMPLE);
    expect(tool).toBe('Grype 0.74.4');
    expect(reports[0]?.software).toMatchObject({ isComplete: false });
    expect(reports[0]?.weaknesses).toMatchObject([
      { id: 'GHSA-3h5v-q93c-6h6q', cves: ['CVE-2024-37890'], vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
    ]);
  });
});
