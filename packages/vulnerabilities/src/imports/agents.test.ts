import { describe, expect, it } from 'vitest';
import {
  APK_DATABASE_EXAMPLE,
  APK_LIST_EXAMPLE,
  DPKG_LIST_EXAMPLE,
  DPKG_STATUS_EXAMPLE,
  GET_PACKAGE_EXAMPLE,
  INTUNE_EXAMPLE,
  OSQUERY_EXAMPLE,
  OSQUERY_LOG_EXAMPLE,
  POWERSHELL_JSON_EXAMPLE,
  REGISTRY_EXAMPLE,
  RPM_LIST_EXAMPLE,
  SCCM_EXAMPLE,
  WAZUH_EXAMPLE,
  WAZUH_LINES_EXAMPLE,
  WINGET_EXPORT_EXAMPLE,
  WINGET_LIST_EXAMPLE,
} from './examples-agents.ts';
import { readExample } from './test-import.ts';

const listed = async (content: string | Uint8Array) => {
  const { format, tool, reports, problems } = await readExample(content);
  return {
    format: format.id,
    tool,
    problems,
    items: reports
      .flatMap(({ software }) => software?.items ?? [])
      .map(({ name, version }) => `${name} ${version}`.trim()),
    reports,
  };
};

describe('a list of packages', () => {
  it('of dpkg holds what is installed, with package URLs where the distribution is told', async () => {
    const { format, items, reports, problems } = await listed(DPKG_LIST_EXAMPLE);
    expect([format, problems]).toEqual(['dpkg-list', []]);
    expect(items).toEqual([
      'Debian GNU/Linux 12 (bookworm) 12',
      'dcmtk 3.6.7-9',
      'libssl3 3.0.11-1~deb12u2',
      'orthanc 1.10.1+dfsg-2',
    ]);
    expect(reports[0]?.software?.items[2]?.purl).toBe(
      'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
    );
  });

  it('of the state of dpkg says which paragraph is incomplete', async () => {
    const { items, problems } = await listed(DPKG_STATUS_EXAMPLE);
    expect(items).toEqual(['libssl3 3.0.11-1~deb12u2']);
    expect(problems).toEqual([{ where: 'line 18', what: 'Package or Version is missing' }]);
  });

  it('of rpm keeps epoch and release', async () => {
    const { format, items, reports, problems } = await listed(`${RPM_LIST_EXAMPLE}this is no package\n`);
    expect(format).toBe('rpm-list');
    expect(items).toEqual([
      'openssl-libs 3.0.7-27.el9',
      'bash 5.1.8-9.el9',
      'java-17-openjdk-headless 1:17.0.9.0.9-2.el9',
      'tzdata 2024a-1.el9',
    ]);
    expect(reports[0]?.software?.items[2]?.purl).toBe(
      'pkg:rpm/redhat/java-17-openjdk-headless@17.0.9.0.9-2.el9?arch=x86_64&epoch=1',
    );
    expect(problems).toEqual([{ where: 'line 6', what: 'is no package of rpm' }]);
  });

  it('of apk leaves out what is not installed', async () => {
    expect(await listed(APK_LIST_EXAMPLE)).toMatchObject({
      format: 'apk-list',
      items: ['musl 1.2.4-r2', 'libcrypto3 3.1.4-r5', 'ssl_client 1.36.1-r15'],
    });
    expect(await listed('musl-1.2.4-r2\nzlib-1.2.13-r1\n')).toMatchObject({ format: 'apk-list', problems: [] });
    expect(await listed(APK_DATABASE_EXAMPLE)).toMatchObject({
      format: 'apk-database',
      items: ['musl 1.2.4-r2', 'libcrypto3 3.1.4-r5'],
    });
  });
});

describe('a table of software', () => {
  it('of Intune is cut into devices, without names and addresses of people', async () => {
    const { tool, reports, problems } = await listed(INTUNE_EXAMPLE);
    expect(tool).toBe('Microsoft Intune');
    expect(reports.map(({ device, software }) => [device.hostnames[0], software?.items.length])).toEqual([
      ['NURSE-PC-07', 3],
      ['NURSE-PC-08', 2],
    ]);
    expect(JSON.stringify(reports)).not.toMatch(/somebody|Some Body/i);
    expect(problems).toEqual([{ where: 'line 5', what: 'names no software' }]);
  });

  it('of Configuration Manager with semicolons tells updates of Windows from programs', async () => {
    const { tool, reports } = await listed(SCCM_EXAMPLE);
    expect(tool).toBe('Microsoft Configuration Manager');
    expect(reports[0]?.software?.items).toEqual([
      {
        kind: 'application',
        vendor: 'Oracle Corporation',
        name: 'Oracle Java 8 Update 202 (64-bit)',
        version: '8.0.2020.8',
      },
      { kind: 'patch', vendor: 'Microsoft', name: 'KB4484103', version: '' },
    ]);
  });

  it('of updates tells those that are installed, and not those that are missing', async () => {
    const rows = [
      'ComputerName,ArticleID,Title,Status',
      'LAB-PC-1,5034122,2024-01 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems (KB5034122),Installed',
      'LAB-PC-1,5035845,2024-03 Cumulative Update for Windows 10 Version 22H2 for x64-based Systems (KB5035845),Required',
      'LAB-PC-1,,2024-02 Security Monthly Quality Rollup for Windows (KB5034831),Installed',
      'LAB-PC-1,5036608,A rollup,Not installed',
      'LAB-PC-2,5034122,2024-01 Cumulative Update for Windows 10 (KB5034122),Missing',
    ];
    const { reports, problems } = await listed(`${rows.join('\n')}\n`);
    expect(problems).toEqual([]);
    expect(reports.map(({ software }) => software?.items.map(({ name }) => name))).toEqual([
      ['KB5034122', 'KB5034831'],
      [],
    ]);
  });

  it('is read as PowerShell and winget print it, whatever the code page', async () => {
    const wide = Buffer.from(`\ufeff${GET_PACKAGE_EXAMPLE}`, 'utf16le');
    expect((await listed(wide)).items).toEqual([
      '7-Zip 22.01 (x64) 22.01',
      'Microsoft Edge 119.0.2151.72',
      'Security Update for Windows...',
    ]);
    expect(await listed(WINGET_LIST_EXAMPLE)).toMatchObject({
      tool: 'winget',
      items: ['7-Zip 22.01 (x64) 22.01', 'RadiAnt DICOM Viewer (64-bit) 2023.1'],
    });
    expect(await listed(WINGET_EXPORT_EXAMPLE)).toMatchObject({
      tool: 'winget 1.6.3133',
      items: ['7zip 22.01', 'Firefox ESR 115.3.0'],
    });
    expect((await listed(POWERSHELL_JSON_EXAMPLE)).items).toEqual(['Orthanc 1.12.1 1.12.1']);
    expect((await listed(Buffer.from(`\ufeff${REGISTRY_EXAMPLE}`, 'utf16le'))).items).toEqual([
      '7-Zip 22.01 (x64) 22.01',
    ]);
  });

  it('by hand needs no more than a name and a version', async () => {
    expect((await listed('software,version\nDCM4CHEE,5.31.0\nMirth Connect,v4.4.0\n')).items).toEqual([
      'DCM4CHEE 5.31.0',
      'Mirth Connect 4.4.0',
    ]);
  });
});

describe('what an agent collected', () => {
  it('with osquery names host, hardware and packages', async () => {
    const { reports } = await listed(OSQUERY_EXAMPLE);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.device).toEqual({
      ips: ['10.20.0.70'],
      macs: ['02:00:00:00:00:70'],
      hostnames: ['gw-2.example'],
      serial: 'AB12CD3',
    });
    expect(reports[0]?.software?.items.map(({ name, version, purl }) => [name, version, purl])).toEqual([
      ['Ubuntu', '22.04.3 LTS', undefined],
      [
        'openssl',
        '3.0.2-0ubuntu1.12',
        'pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1.12?arch=amd64&distro=ubuntu-22.04.3%20LTS',
      ],
    ]);
  });

  it('with osquery tells the whole build of Windows and its updates', async () => {
    const os = {
      name: 'Microsoft Windows 10 Pro',
      version: '10.0.19045',
      major: '10',
      minor: '0',
      platform: 'windows',
    };
    const content = {
      system_info: [{ hostname: 'WARD-PC-2', uuid: 'u', hardware_vendor: 'Dell Inc.' }],
      os_version: [{ ...os, build: '19045', revision: '4412' }],
      patches: [{ csname: 'WARD-PC-2', hotfix_id: 'KB5034122', description: 'Security Update' }],
    };
    expect((await listed(JSON.stringify(content))).items).toEqual([
      'Microsoft Windows 10 Pro 10.0.19045.4412',
      'KB5034122',
    ]);
  });

  it('with osquery over time leaves out what was removed', async () => {
    const { format, reports } = await listed(OSQUERY_LOG_EXAMPLE);
    expect(format).toBe('osquery-log');
    expect(
      reports.map(({ device, software }) => [device.hostnames[0], software?.items.map(({ version }) => version)]),
    ).toEqual([
      ['lab-1.example', ['1:3.0.7-27.el9']],
      ['WARD-PC-1', ['5.16.6']],
    ]);
  });

  it('with Wazuh is joined by agent', async () => {
    const { reports } = await listed(WAZUH_EXAMPLE);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.device).toMatchObject({
      ips: ['10.20.0.80'],
      macs: ['02:00:00:00:00:80'],
      hostnames: ['fhir-1'],
    });
    expect(reports[0]?.software?.items.map(({ name }) => name)).toEqual(['Debian GNU/Linux', 'postgresql-15']);
    const lines = await listed(WAZUH_LINES_EXAMPLE);
    expect(lines.reports[0]?.weaknesses).toMatchObject([{ id: 'CVE-2023-5217', severity: 'high' }]);
    expect(lines.reports[0]?.device.ips).toEqual(['10.20.0.89']);
  });
});
