import type { Verification } from '@sphinx/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCertificate } from './certificate/certificate-check.ts';
import type { AssetFixture } from './checks/check.ts';
import { service } from './service.ts';
import { House } from './test-house.ts';

const DAY_MS = 86_400_000;
const GOOD_SERVER: AssetFixture = {
  facts: { kind: 'his-server', patientSafetyClass: 'care-support' },
  services: [{ protocol: 'hl7', port: 2576, isEncrypted: true }],
  evidence: [
    { attribute: 'tls.server.version', value: 'TLS 1.3', port: 2576 },
    { attribute: 'arp.address', value: '10.0.0.20', role: 'self' },
  ],
};
const CLEAR_TEXT_SERVER: AssetFixture = {
  ...GOOD_SERVER,
  evidence: [...(GOOD_SERVER.evidence ?? []), { attribute: 'hl7.message-type', value: 'ADT^A01', port: 2575 }],
};
const OPEN_SERVER: AssetFixture = {
  ...GOOD_SERVER,
  evidence: [...(GOOD_SERVER.evidence ?? []), { attribute: 'smb.guest', value: 'true', port: 445 }],
};

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

describe('device verification', () => {
  it('judges an asset by itself when it appears and issues a certificate that can be checked offline', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    expect(await house.facts('verdict.issued')).toMatchObject([{ verdict: 'trusted' }]);
    const [certificate] = (await house.facts('certificate.issued')) as { envelope: object; id: string }[];
    expect(checkCertificate(certificate?.envelope, await house.trust())).toMatchObject({ status: 'valid' });
    expect(house.notifications).toContain('verifications');
    const file = (await house.ask('downloadCertificate', { params: { id: certificate?.id } })) as Response;
    expect(checkCertificate(await file.text(), await house.trust()).status).toBe('valid');
  });

  it('does nothing when the same evidence comes again', async () => {
    house = await House.open();
    const asset = await house.see(GOOD_SERVER);
    await house.see(GOOD_SERVER, { lastSeen: asset.lastSeen + 60_000, revision: 2 });
    expect(await house.facts('verdict.issued')).toHaveLength(1);
    expect(await house.facts('certificate.issued')).toHaveLength(1);
  });

  it('supersedes the certificate when evidence changes and revokes it when the verdict falls', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    await house.see(CLEAR_TEXT_SERVER);
    const issued = (await house.facts('certificate.issued')) as { envelope: object; verdict: string }[];
    expect(issued.map(({ verdict }) => verdict)).toEqual(['trusted', 'conditional']);
    const trust = await house.trust();
    expect(checkCertificate(issued[0]?.envelope, trust).status).toBe('revoked');
    expect(checkCertificate(issued[1]?.envelope, trust).status).toBe('valid');
    await house.see(OPEN_SERVER);
    expect(await house.facts('certificate.revoked')).toMatchObject([{ status: 'revoked', verdict: 'conditional' }]);
    expect(checkCertificate(issued[1]?.envelope, await house.trust()).status).toBe('revoked');
    expect(await house.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } })).toMatchObject({
      verdict: 'rejected',
    });
    expect(await house.ask('summariseVerifications')).toMatchObject({ rejected: 1, trusted: 0 });
    expect(await house.ask('listVerdicts')).toMatchObject({
      items: [{ verdict: 'rejected', failedChecks: ['smb-guest-access'], certificateId: null }],
    });
  });

  it('gives no new certificate after a revocation by hand until somebody asks', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    const [certificate] = (await house.facts('certificate.issued')) as { id: string }[];
    const params = { id: certificate?.id };
    await house.ask('revokeCertificate', { params, body: { reason: 'Device was stolen' } });
    await expect(house.ask('revokeCertificate', { params, body: { reason: 'Again' } })).rejects.toThrow(/already/);
    await house.see(CLEAR_TEXT_SERVER);
    expect(await house.facts('certificate.issued')).toHaveLength(1);
    await house.ask('requestVerification', { body: { assetId: 'ast_fixture' } });
    expect(await house.facts('certificate.issued')).toHaveLength(2);
  });

  it('marks certificates that ran out, and renews those of assets that are still seen', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    await house.running?.stop();
    house.clock.advance(91 * DAY_MS);
    house.running = await service.start(house.context);
    await house.running.stop();
    expect(await house.ask('listCertificates')).toMatchObject({ items: [{ status: 'expired' }] });
    house.running = await service.start(house.context);
    await house.see(CLEAR_TEXT_SERVER, { lastSeen: house.clock.now() + DAY_MS });
    await house.running.stop();
    house.clock.advance(89 * DAY_MS);
    house.running = await service.start(house.context);
    await house.running.stop();
    expect(await house.ask('listCertificates')).toMatchObject({
      items: [{ status: 'valid' }, { status: 'superseded' }, { status: 'expired' }],
    });
  });

  it('revokes the certificate of an asset that was merged or removed, and forgets sample assets', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    await house.publish('asset.merged', 'ast_other', {
      assetId: 'ast_other',
      mergedAssetId: 'ast_fixture',
      reason: 'same serial',
      by: 'test',
    });
    expect(await house.facts('certificate.revoked')).toHaveLength(1);
    expect(await house.ask('listVerifications')).toMatchObject({ items: [], total: 0 });
    await house.see(GOOD_SERVER, { id: 'ast_sample', isSample: true });
    await house.publish('asset.removed', 'ast_sample', { assetId: 'ast_sample', reason: 'sample taken away' });
    expect(await house.ask('listCertificates')).toMatchObject({ items: [{ assetId: 'ast_fixture' }] });
    const certificates = (await house.facts('certificate.issued')) as { envelope: object }[];
    expect(checkCertificate(certificates[1]?.envelope, await house.trust()).status).toBe('revoked');
  });

  it('publishes what was decided before a crash', async () => {
    house = await House.open();
    await house.see(GOOD_SERVER);
    const [stored] = await house.bus.read({ types: ['verdict.issued'], limit: 1 });
    await house.running?.stop();
    await house.state.query('INSERT INTO device_verification.outbox (fact) VALUES ($1)', [
      JSON.stringify({ ...stored?.fact, id: 'evt_left_over' }),
    ]);
    house.running = await service.start(house.context);
    expect(await house.facts('verdict.issued')).toHaveLength(2);
  });

  it('lists the assets that fail one check, however many others there are', async () => {
    house = await House.open();
    await house.see(CLEAR_TEXT_SERVER);
    const latest = (await house.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } })) as Verification;
    const idOf = (outcome: string) => latest.results.find((result) => result.outcome === outcome)?.checkId;
    const assetsThatFail = async (check: string | undefined) =>
      await house?.ask('listVerifications', { query: { limit: 10, check } });
    expect(await assetsThatFail(idOf('fail'))).toMatchObject({ total: 1, items: [{ assetId: 'ast_fixture' }] });
    expect(await assetsThatFail(idOf('pass'))).toMatchObject({ total: 0, items: [] });
  });

  it('serves reports, checks and policies', async () => {
    house = await House.open();
    await house.see(CLEAR_TEXT_SERVER);
    const latest = (await house.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } })) as { id: string };
    const html = (await house.ask('getVerificationReport', {
      params: { id: latest.id },
      query: { format: 'html' },
    })) as Response;
    expect(await html.text()).toContain('HL7 messages can be read on the wire');
    const pdf = (await house.ask('getVerificationReport', { params: { id: latest.id } })) as Response;
    expect((await pdf.text()).slice(0, 5)).toBe('%PDF-');
    expect(await house.ask('listChecks')).toMatchObject({ nextCursor: null });
    const state = await house.running?.health?.();
    expect(state).toMatchObject({ state: 'healthy', figures: { conditional: 1 } });
  });
});
