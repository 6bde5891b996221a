/* Small files in the form that each program documents, with invented hosts; @see examples-scanners.ts. */

export const DPKG_LIST_EXAMPLE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
ID=debian
Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name                 Version            Architecture Description
+++-====================-==================-============-=================================
ii  dcmtk                3.6.7-9            amd64        OFFIS DICOM toolkit command line utilities
ii  libssl3:amd64        3.0.11-1~deb12u2   amd64        Secure Sockets Layer toolkit - shared libraries
rc  nginx                1.22.1-9           amd64        small, powerful, scalable web/proxy server
hi  orthanc              1.10.1+dfsg-2      amd64        Lightweight, RESTful DICOM server
`;

export const DPKG_STATUS_EXAMPLE = `Package: libssl3
Status: install ok installed
Priority: optional
Maintainer: Debian OpenSSL Team <team@example.org>
Architecture: amd64
Source: openssl
Version: 3.0.11-1~deb12u2
Description: Secure Sockets Layer toolkit - shared libraries
 This package is part of the implementation
 .
 of TLS.

Package: nginx
Status: deinstall ok config-files
Architecture: amd64
Version: 1.22.1-9

Package: broken
Status: install ok installed
`;

export const RPM_LIST_EXAMPLE = `openssl-libs-3.0.7-27.el9.x86_64
bash-5.1.8-9.el9.x86_64
java-17-openjdk-headless-1:17.0.9.0.9-2.el9.x86_64
gpg-pubkey-fd431d51-4ae0493b
tzdata-2024a-1.el9.noarch
`;

export const APK_LIST_EXAMPLE = `WARNING: opening from cache https://dl-cdn.example/alpine: No such file or directory
musl-1.2.4-r2 x86_64 {musl} (MIT) [installed]
libcrypto3-3.1.4-r5 x86_64 {openssl} (Apache-2.0) [installed]
zsh-5.9-r1 x86_64 {zsh} (custom)
ssl_client-1.36.1-r15 x86_64 {busybox} (GPL-2.0-only) [installed]
`;

export const APK_DATABASE_EXAMPLE = `C:Q1aaaaaaaaaaaaaaaaaaaaaaaaaaa=
P:musl
V:1.2.4-r2
A:x86_64
T:the musl c library (libc) implementation
o:musl
F:lib
R:ld-musl-x86_64.so.1

C:Q1bbbbbbbbbbbbbbbbbbbbbbbbbbb=
P:libcrypto3
V:3.1.4-r5
A:x86_64
`;

export const INTUNE_EXAMPLE = `"ApplicationKey","ApplicationName","ApplicationPublisher","ApplicationShortVersion","ApplicationVersion","DeviceId","DeviceName","OSDescription","OSVersion","Platform","UserId","EmailAddress","UserName"
"k1","7-Zip 22.01 (x64)","Igor Pavlov","22.01","22.01","d1","NURSE-PC-07","Windows","10.0.19045.3693","Windows","u1","somebody@hospital.example","Some Body"
"k2","Google Chrome","Google LLC","119","119.0.6045.160","d1","NURSE-PC-07","Windows","10.0.19045.3693","Windows","u1","somebody@hospital.example","Some Body"
"k2","Google Chrome","Google LLC","118","118.0.5993.70","d2","NURSE-PC-08","Windows","10.0.19045.3693","Windows","u1","somebody@hospital.example","Some Body"
"k3","","Nobody","1","1","d2","NURSE-PC-08","Windows","10.0.19045.3693","Windows","u1","",""
`;

export const SCCM_EXAMPLE = `Netbios_Name0;DisplayName0;Version0;Publisher0
LAB-PC-1;Oracle Java 8 Update 202 (64-bit);8.0.2020.8;Oracle Corporation
LAB-PC-1;Security Update for Microsoft Office 2016 (KB4484103) 32-Bit Edition;;Microsoft
LAB-PC-2;PuTTY release 0.78 (64-bit);0.78.0.0;Simon Tatham
`;

export const GET_PACKAGE_EXAMPLE = `
Name                           Version          Source                           ProviderName
----                           -------          ------                           ------------
7-Zip 22.01 (x64)              22.01                                             Programs
Microsoft Edge                 119.0.2151.72                                     Programs
Security Update for Windows... 
`;

export const WINGET_LIST_EXAMPLE = `   - \r   \\ \rName                         Id                      Version        Available      Source
--------------------------------------------------------------------------------------------
7-Zip 22.01 (x64)            7zip.7zip               22.01          23.01          winget
RadiAnt DICOM Viewer (64-bit) Medixant.RadiAnt       2023.1                        winget
2 upgrades available.
`;

export const REGISTRY_EXAMPLE = String.raw`Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\7-Zip]
"DisplayName"="7-Zip 22.01 (x64)"
"DisplayVersion"="22.01"
"Publisher"="Igor Pavlov"
"InstallLocation"="C:\\Program Files\\7-Zip\\"

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{11111111-2222-3333-4444-555555555555}]
"DisplayName"="Part of something"
"SystemComponent"=dword:00000001

[HKEY_LOCAL_MACHINE\SOFTWARE\Other]
"DisplayName"="not a program"
`;

export const WINGET_EXPORT_EXAMPLE = JSON.stringify({
  $schema: 'https://aka.ms/winget-packages.schema.2.0.json',
  CreationDate: '2025-11-30T08:00:00.000-00:00',
  Sources: [
    {
      Packages: [
        { PackageIdentifier: '7zip.7zip', Version: '22.01' },
        { PackageIdentifier: 'Mozilla.Firefox.ESR', Version: '115.3.0' },
      ],
      SourceDetails: { Argument: 'https://cdn.winget.example', Name: 'winget', Type: 'Microsoft.PreIndexed.Package' },
    },
  ],
  WinGetVersion: '1.6.3133',
});

export const POWERSHELL_JSON_EXAMPLE = JSON.stringify([
  { DisplayName: 'Orthanc 1.12.1', DisplayVersion: '1.12.1', Publisher: 'Orthanc', PSPath: 'x' },
  { DisplayName: null, DisplayVersion: null, Publisher: null, PSPath: 'y' },
]);

export const OSQUERY_EXAMPLE = JSON.stringify({
  system_info: [
    {
      hostname: 'gw-2.example',
      uuid: 'u',
      hardware_vendor: 'Dell Inc.',
      hardware_model: 'OptiPlex 3080',
      hardware_serial: 'AB12CD3',
    },
  ],
  os_version: [
    { name: 'Ubuntu', version: '22.04.3 LTS', major: '22', minor: '4', platform: 'ubuntu', codename: 'jammy' },
  ],
  interface_details: [{ interface: 'eth0', mac: '02:00:00:00:00:70', mtu: '1500', type: '1' }],
  interface_addresses: [
    { interface: 'eth0', address: '10.20.0.70', mask: '255.255.255.0' },
    { interface: 'lo', address: '127.0.0.1', mask: '255.0.0.0' },
  ],
  deb_packages: [
    {
      name: 'openssl',
      version: '3.0.2-0ubuntu1.12',
      source: '',
      arch: 'amd64',
      revision: '0ubuntu1.12',
      status: 'install ok installed',
      maintainer: 'Ubuntu Developers <x@example.org>',
    },
    { name: 'gone', version: '1', arch: 'amd64', revision: '', status: 'deinstall ok config-files', maintainer: '' },
  ],
});

export const OSQUERY_LOG_EXAMPLE = [
  {
    name: 'pack_it_rpm',
    hostIdentifier: 'lab-1.example',
    unixTime: 1_764_490_000,
    columns: { name: 'openssl-libs', version: '3.0.7', release: '27.el9', arch: 'x86_64', epoch: '1', source: '' },
    action: 'added',
  },
  {
    name: 'pack_it_rpm',
    hostIdentifier: 'lab-1.example',
    unixTime: 1_764_490_000,
    columns: { name: 'openssl-libs', version: '3.0.7', release: '24.el9', arch: 'x86_64', epoch: '1', source: '' },
    action: 'removed',
  },
  {
    name: 'programs',
    hostIdentifier: 'WARD-PC-1',
    unixTime: '1764490100',
    snapshot: [
      {
        name: 'Zoom',
        version: '5.16.6',
        install_location: '',
        publisher: 'Zoom Video Communications, Inc.',
        identifying_number: '{1}',
      },
    ],
    action: 'snapshot',
  },
]
  .map((line) => JSON.stringify(line))
  .join('\n');

const answer = (items: readonly object[]) => ({
  data: { affected_items: items, total_affected_items: items.length, total_failed_items: 0, failed_items: [] },
  message: 'All specified syscollector information was returned',
  error: 0,
});

export const WAZUH_EXAMPLE = JSON.stringify([
  answer([
    {
      os: { name: 'Debian GNU/Linux', version: '12 (bookworm)', codename: 'bookworm' },
      hostname: 'fhir-1',
      sysname: 'Linux',
      release: '6.1.0',
      architecture: 'x86_64',
      agent_id: '004',
      scan: { id: 0, time: '2025-11-30T06:00:00+00:00' },
    },
  ]),
  answer([{ iface: 'eth0', address: '10.20.0.80', proto: 'ipv4', agent_id: '004' }]),
  answer([{ name: 'eth0', mac: '02:00:00:00:00:80', type: 'ethernet', agent_id: '004' }]),
  answer([
    {
      name: 'postgresql-15',
      version: '15.5-0+deb12u1',
      vendor: 'Debian PostgreSQL Maintainers',
      architecture: 'amd64',
      format: 'deb',
      agent_id: '004',
      scan: { id: 0, time: '2025-11-30T06:00:05+00:00' },
    },
  ]),
]);

export const WAZUH_LINES_EXAMPLE = [
  {
    agent: { id: '009', name: 'WARD-PC-9', host: { ip: ['10.20.0.89'] } },
    package: { name: 'Mozilla Firefox', version: '115.3.0', vendor: 'Mozilla', type: 'win' },
  },
  {
    agent: { id: '009', name: 'WARD-PC-9' },
    vulnerability: {
      id: 'CVE-2023-5217',
      severity: 'High',
      score: { base: 8.8, version: '3.1' },
      description: 'Heap overflow in libvpx',
    },
    package: { name: 'Mozilla Firefox', version: '115.3.0' },
  },
]
  .map((line) => JSON.stringify(line))
  .join('\n');
