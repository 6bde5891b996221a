import { afterEach, describe, expect, it } from 'vitest';
import type { AssetFixture } from './checks/check.ts';
import { assetOfFixture, backgroundOfFixture, FIXTURE_START } from './checks/fixture.ts';
import { loadVerificationKnowledge } from './knowledge/load-knowledge.ts';
import { House } from './test-house.ts';
import { KNOWLEDGE_FOLDER } from './test-knowledge.ts';
import { verifyAsset } from './verify-asset.ts';

const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);
const NOW = FIXTURE_START + 3 * 86_400_000;
const SERVER: AssetFixture = {
  facts: { kind: 'his-server', patientSafetyClass: 'care-support', manufacturer: 'Example Medical', model: 'HIS 5' },
  services: [{ protocol: 'hl7', port: 2576, isEncrypted: true }],
  evidence: [
    { attribute: 'tls.server.version', value: 'TLS 1.3', port: 2576 },
    { attribute: 'arp.address', value: '10.0.0.20', role: 'self' },
  ],
};
const MODEL = { kind: 'model', manufacturer: 'Example Medical Inc.', model: 'HIS-5', version: '' } as const;

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

describe('an occasion', () => {
  it('asks for declarations before a device goes live, and says which are missing', () => {
    const asset = assetOfFixture(SERVER);
    const { verdict, reasons } = verifyAsset(asset, knowledge, NOW, { occasion: 'before-going-live' });
    expect(verdict).toBe('insufficient-evidence');
    expect(reasons.join()).toMatch(/Nobody has declared yet: Were all passwords that the manufacturer set changed/);
  });

  it('rejects a device that is to leave the house and was not wiped', () => {
    const fixture: AssetFixture = {
      ...SERVER,
      stated: { 'media-sanitised': 'no', 'credentials-revoked': 'yes', 'network-access-removed': 'yes' },
    };
    const context = { occasion: 'decommissioning', documents: backgroundOfFixture(fixture).documents } as const;
    const verification = verifyAsset(assetOfFixture(fixture), knowledge, NOW, context as never);
    expect(verification).toMatchObject({ verdict: 'rejected', occasion: 'decommissioning' });
    expect(verification.reasons[0]).toContain('wiped');
  });

  it('is the first sight, then a change, then the calendar', async () => {
    house = await House.open();
    await house.see(SERVER);
    await house.see({ ...SERVER, services: [...(SERVER.services ?? []), { protocol: 'http', port: 80 }] });
    await house.ask('requestVerification', { body: { assetId: 'ast_fixture' } });
    const occasions = ((await house.facts('verdict.issued')) as { occasion: string }[]).map((one) => one.occasion);
    expect(occasions).toEqual(['first-sight', 'after-change', 'periodic']);
  });

  it('keeps why somebody, or another program, asked for it', async () => {
    house = await House.open();
    await house.see(SERVER);
    const order = { assetId: 'ast_fixture', occasion: 'return-from-repair', reason: 'Repair 12-07.' };
    await house.ask('requestVerification', { body: order });
    await house.publish('verification.requested', 'ast_fixture', {
      assetId: 'ast_fixture',
      requestedBy: 'incident-response',
      occasion: 'after-incident',
      reason: 'Incident 4711',
    });
    expect((await house.facts('verdict.issued')).slice(1)).toMatchObject([
      { occasion: 'return-from-repair', startedBy: 'test', startedBecause: 'Repair 12-07.' },
      { occasion: 'after-incident', startedBy: 'incident-response', startedBecause: 'Incident 4711' },
    ]);
    const { id } = (await house.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } })) as { id: string };
    const report = (await house.ask('getVerificationReport', {
      params: { id },
      query: { format: 'html' },
    })) as Response;
    expect(await report.text()).toContain('Incident 4711');
  });

  it('stays that of a device that was taken out of service until a person names another', async () => {
    house = await House.open();
    await house.see(SERVER, { lastSeen: FIXTURE_START });
    const declarations = ['media-sanitised', 'credentials-revoked', 'network-access-removed'].map((id) => ({
      id,
      answer: 'yes',
    }));
    const done = await house.ask('requestVerification', {
      body: { assetId: 'ast_fixture', occasion: 'decommissioning', declarations },
    });
    expect(done).toMatchObject({ verdict: 'trusted', occasion: 'decommissioning', startedBy: 'test' });
    expect(await house.facts('certificate.revoked')).toHaveLength(1);
    await house.see({ ...SERVER, services: [{ protocol: 'http', port: 80 }] }, { lastSeen: house.clock.now() });
    const latest = await house.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } });
    expect(latest).toMatchObject({ verdict: 'rejected', occasion: 'decommissioning' });
    const back = await house.ask('requestVerification', { body: { assetId: 'ast_fixture', occasion: 'periodic' } });
    expect(back).toMatchObject({ occasion: 'periodic' });
  });

  it('compares a device that comes back from repair with what was certified', async () => {
    house = await House.open();
    await house.see({ ...SERVER, facts: { ...SERVER.facts, serial: 'A1' } });
    house.clock.advance(14 * 86_400_000);
    await house.see({ ...SERVER, facts: { ...SERVER.facts, serial: 'B2' } });
    const declarations = [{ id: 'returned-device-inspected', answer: 'yes' }];
    const body = { assetId: 'ast_fixture', occasion: 'return-from-repair', declarations };
    const verification = (await house.ask('requestVerification', { body })) as { verdict: string; reasons: string[] };
    expect(verification.verdict).toBe('rejected');
    expect(verification.reasons[0]).toContain('was A1 at the last certificate and is B2 now');
  });
});

describe('documents', () => {
  it('of a model change the verdict on its devices, and are taken back with their source', async () => {
    house = await House.open();
    await house.see(SERVER);
    await house.publish('security-form.stated', 'form', form([['PAUT-5', 'no']]));
    const latest = () => house?.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } });
    expect(await latest()).toMatchObject({ verdict: 'rejected', occasion: 'after-change' });
    await house.publish('source.removed', 'imp_1', { source: 'imp_1', sample: false });
    expect(await latest()).toMatchObject({ verdict: 'trusted' });
  });

  it('of weaknesses reject while attackers use one, and no longer when it is closed', async () => {
    house = await House.open();
    await house.see(SERVER);
    await house.publish('weakness.found', 'ast_fixture', weaknesses(true));
    const latest = () => house?.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } });
    expect(await latest()).toMatchObject({ verdict: 'rejected' });
    await house.publish('weakness.closed', 'ast_fixture', weaknesses(true));
    expect(await latest()).toMatchObject({ verdict: 'trusted' });
  });
});

describe('a candidate for purchase', () => {
  it('is judged on documents alone, as they come, and is no asset', async () => {
    house = await House.open();
    const body = { manufacturer: 'Example Medical', model: 'HIS 5', patientSafetyClass: 'care-support' };
    const added = (await house.ask('addCandidate', { body })) as { candidate: { id: string }; verification: object };
    expect(added.verification).toMatchObject({ verdict: 'insufficient-evidence', occasion: 'before-purchase' });
    await house.publish('security-form.stated', 'form', form(GOOD_FORM));
    await house.publish(
      'software.listed',
      'list',
      softwareList([
        ['zlib', '1.3.1'],
        ['openssl', '3.5.1'],
      ]),
    );
    const params = { id: added.candidate.id };
    expect(await house.ask('getCandidate', { params })).toMatchObject({ verification: { verdict: 'trusted' } });
    await house.publish('software.listed', 'list2', softwareList([['log4j-core', '2.14.1']]));
    const judged = (await house.ask('getCandidate', { params })) as { verification: { reasons: string[] } };
    expect(judged).toMatchObject({ verification: { verdict: 'rejected' } });
    expect(judged.verification.reasons[0]).toContain('Log4j 2.14.1');
    expect(await house.facts('verdict.issued')).toHaveLength(0);
    expect(await house.ask('listVerifications')).toMatchObject({ total: 0 });
    expect(await house.ask('listCandidates')).toMatchObject({ items: [{ verdict: 'rejected' }] });
    await house.ask('removeCandidate', { params });
    expect(await house.ask('listCandidates')).toMatchObject({ items: [] });
  });
});

const GOOD_FORM: [string, 'yes' | 'no'][] = [
  ...['AUTH-1', 'AUTH-2', 'PAUT-1', 'PAUT-2', 'PAUT-3', 'PAUT-4', 'PAUT-5', 'PAUT-6', 'PAUT-10', 'ALOF-1', 'AUDT-2'],
  ...['AUDT-7', 'TXCF-5', 'TXIG-1', 'SAHD-8', 'SAHD-9', 'CSUP-11', 'CSUP-7', 'RDMP-1', 'RDMP-2', 'RDMP-3', 'SBOM-1'],
].map((question): [string, 'yes'] => [question, 'yes']);

function form(answers: [string, 'yes' | 'no'][]) {
  return {
    list: 'frm_1',
    source: 'imp_1',
    sample: false,
    subject: MODEL,
    form: 'MDS2 2019' as const,
    documentId: 'D1',
    reference: 'mds2.xlsx',
    takenAt: NOW,
    answers: answers.map(([question, answer]) => ({ question, answer, text: answer, note: '' })),
  };
}

function softwareList(items: [string, string][]) {
  return {
    list: `lst_${items[0]?.[0]}`,
    source: 'imp_2',
    sample: false,
    subject: MODEL,
    method: 'sbom' as const,
    tool: 'CycloneDX 1.6',
    reference: 'his.cdx.json',
    takenAt: NOW,
    isComplete: true,
    part: 1,
    parts: 1,
    items: items.map(([name, version]) => ({ kind: 'library' as const, vendor: '', name, version })),
  };
}

function weaknesses(isKnownExploited: boolean) {
  const weakness = {
    id: 'wkn_1',
    weakness: 'CVE-2021-44228',
    title: 'Log4Shell',
    presence: 'affected' as const,
    quality: 'range' as const,
    identity: 'purl' as const,
    because: 'the version is in the range',
    component: { kind: 'software' as const, vendor: 'Apache', name: 'log4j-core', version: '2.14.1', source: 'list' },
    severity: 'critical' as const,
    score: 10,
    baseScore: 10,
    vector: '',
    isKnownExploited,
    exploitProbability: null,
    decision: 'act' as const,
    priority: 99,
    reasons: [],
    sources: [],
    hasFix: true,
    status: 'open' as const,
    owner: null,
    dueAt: null,
    foundAt: NOW,
    closedAt: null,
    closedBecause: null,
  };
  return { assetId: 'ast_fixture', assetName: 'fixture', isSample: false, weaknesses: [weakness] };
}
