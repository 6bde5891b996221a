import { describe, expect, it } from 'vitest';
import type { AssetFixture } from './checks/check.ts';
import { assetOfFixture, FIXTURE_START } from './checks/fixture.ts';
import { compareVersions } from './checks/version.ts';
import { evidenceDigest, identityDigest } from './evidence-digest.ts';
import { recogniseSoftware } from './knowledge/end-of-life.ts';
import { loadVerificationKnowledge } from './knowledge/load-knowledge.ts';
import { KNOWLEDGE_FOLDER } from './test-knowledge.ts';
import { verifyAsset } from './verify-asset.ts';

const NOW = FIXTURE_START + 3 * 86_400_000;
const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);
const PUMP: AssetFixture = {
  facts: { kind: 'infusion-pump', patientSafetyClass: 'life-sustaining' },
  evidence: [
    { attribute: 'dhcp.hostname', value: 'PUMP-1', role: 'client' },
    { attribute: 'arp.address', value: '10.0.0.20', role: 'self' },
  ],
  peers: [{ ip: '10.0.0.1', protocol: 'tls', port: 443, isEncrypted: true }],
};
const judge = (fixture: AssetFixture, overrides = {}) =>
  verifyAsset(assetOfFixture(fixture, overrides), knowledge, NOW);

describe('a verdict', () => {
  it('trusts a pump of which enough was seen and nothing fails', () => {
    expect(judge(PUMP)).toMatchObject({ verdict: 'trusted', conditions: [], policy: { id: 'infusion' } });
  });

  it('is conditional with conditions to be met where something fails that can be made up for', () => {
    const verification = judge({
      ...PUMP,
      facts: { kind: 'ct-scanner', patientSafetyClass: 'diagnosis' },
      services: [{ protocol: 'dicom', port: 104 }],
    });
    expect(verification.verdict).toBe('conditional');
    expect(verification.conditions.join()).toContain('imaging zone');
    expect(verification.reasons[0]).toContain('DICOM');
  });

  it('rejects on a critical failure, however little else was seen', () => {
    const verification = judge({ evidence: [{ attribute: 'vnc.authentication', value: 'none', port: 5900 }] });
    expect(verification).toMatchObject({ verdict: 'rejected', policy: { id: 'unclassified' } });
    expect(verification.reasons[0]).toContain('VNC');
  });

  it('tells each thing once, though several pieces of evidence show it', () => {
    const shown = ['telnet.server', 'telnet.banner'].map((attribute) => ({ attribute, value: 'true', port: 23 }));
    const result = judge({ ...PUMP, evidence: shown }).results.find(({ checkId }) => checkId === 'telnet-absent');
    expect(result).toMatchObject({ outcome: 'fail', reason: 'Answers Telnet on tcp/23.' });
    expect(result?.evidence).toHaveLength(1);
  });

  it('says what is missing where too little was seen', () => {
    const start = FIXTURE_START;
    const verification = judge(PUMP, { firstSeen: start, lastSeen: start + 30_000 });
    expect(verification.verdict).toBe('insufficient-evidence');
    expect(verification.reasons).toEqual([expect.stringContaining('0.5 minutes')]);
    expect(judge({ ...PUMP, confidence: 0.4 }).reasons.join()).toContain('confidence of 40 %');
  });

  it('judges the same device by the class of harm that it can do', () => {
    const telnet = { evidence: [...(PUMP.evidence ?? []), { attribute: 'telnet.server', value: 'true', port: 23 }] };
    expect(judge({ ...PUMP, ...telnet }).verdict).toBe('rejected');
    expect(judge({ ...PUMP, ...telnet, facts: { kind: 'printer', patientSafetyClass: 'none' } }).verdict).toBe(
      'conditional',
    );
  });

  it('is the same for the same evidence, policy and time', () => {
    expect(judge(PUMP)).toEqual(judge(PUMP));
  });
});

describe('the evidence digest', () => {
  it('does not change when the same is seen again', () => {
    const once = assetOfFixture(PUMP);
    const again = assetOfFixture(PUMP, { lastSeen: NOW, revision: 7 });
    const louder = {
      ...again,
      peers: again.peers.map((peer) => ({ ...peer, bytesSent: 9_999, flows: 12 })),
      evidence: again.evidence.map((item) => ({ ...item, count: 40, lastSeen: NOW })).reverse(),
    };
    expect(evidenceDigest(louder)).toBe(evidenceDigest(once));
  });

  it('changes with a new service, a new fact or a new partner', () => {
    const before = evidenceDigest(assetOfFixture(PUMP));
    const changes: AssetFixture[] = [
      { ...PUMP, services: [{ protocol: 'telnet', port: 23 }] },
      { ...PUMP, facts: { ...PUMP.facts, zone: 'icu' } },
      { ...PUMP, peers: [...(PUMP.peers ?? []), { ip: '10.0.0.2', protocol: 'ssh', port: 22 }] },
    ];
    for (const change of changes) expect(evidenceDigest(assetOfFixture(change))).not.toBe(before);
  });

  it('leaves the identity alone when only behaviour changes', () => {
    const talkative = assetOfFixture({ ...PUMP, services: [{ protocol: 'telnet', port: 23 }] });
    expect(identityDigest(talkative)).toBe(identityDigest(assetOfFixture(PUMP)));
    expect(identityDigest(assetOfFixture(PUMP, { macs: ['02:00:00:00:00:02'] }))).not.toBe(identityDigest(talkative));
  });
});

describe('end-of-life dates', () => {
  it.each([
    ['smb.native-os', 'Windows 5.1', 'Windows XP'],
    ['smb.native-os', 'Windows 10.0 build 19045', undefined],
    ['smb.native-os', '10.0.19045', 'Windows 10, version 22H2'],
    ['smb.native-os', 'Windows Server 2003 3790 Service Pack 2', 'Windows Server 2003'],
    ['smb.native-os', 'Windows 7 Professional 7601 Service Pack 1', 'Windows 7'],
    ['smb.native-os', 'Samba 4.9.5-Debian', undefined],
    ['smb.native-os', 'Samba 4.9.5', 'Samba 4.9'],
    ['ssh.server.software', 'OpenSSH_8.4p1 Debian-5+deb11u3', 'Debian 11'],
    ['ssh.server.software', 'OpenSSH_7.9p1 Debian-10', 'Debian 10'],
    ['ssh.server.software', 'OpenSSH_7.2p2 Ubuntu-4ubuntu2.10', 'Ubuntu 16.04'],
    ['http.server', 'Apache/2.4.6 (CentOS)', 'CentOS or RHEL 7'],
    ['http.server', 'nginx/1.18.0 (Ubuntu)', undefined],
    ['http.server', 'nginx/1.18.0', 'nginx 1.18'],
    ['http.server', 'Microsoft-IIS/7.5', 'IIS 7.5 (Windows Server 2008 R2 or 7)'],
    ['http.server', 'OpenSSL/1.0.2k-fips', undefined],
    ['http.powered-by', 'PHP/5.6.40', 'PHP 5.6'],
    ['snmp.sys-descr', 'Linux cam 3.10.73 #1 PREEMPT armv7l', 'Linux 3.0 to 3.15'],
    ['snmp.sys-descr', 'Linux srv 3.10.0-1160.el7.x86_64 #1 SMP', undefined],
  ])('%s = %s is %s', (attribute, value, title) => {
    const found = recogniseSoftware(assetOfFixture({ evidence: [{ attribute, value }] }), knowledge.endOfLife);
    expect(found.map((software) => software.title)).toEqual(title === undefined ? [] : [title]);
  });

  it('orders releases that follow each other', () => {
    for (const product of knowledge.endOfLife) {
      for (const { title, from, below } of product.releases) {
        expect(compareVersions(from, below), `${product.id}: ${title}`).toBeLessThan(0);
      }
    }
  });
});
