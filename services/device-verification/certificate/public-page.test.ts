import { afterEach, describe, expect, it } from 'vitest';
import type { AssetFixture } from '../checks/check.ts';
import { House } from '../test-house.ts';

const SERVER: AssetFixture = {
  facts: { kind: 'his-server', patientSafetyClass: 'care-support', manufacturer: 'Example Medical' },
  services: [{ protocol: 'hl7', port: 2576, isEncrypted: true }],
  evidence: [
    { attribute: 'tls.server.version', value: 'TLS 1.3', port: 2576 },
    { attribute: 'arp.address', value: '10.0.0.20', role: 'self' },
  ],
};

interface Issued {
  readonly id: string;
  readonly publicCode: string;
  readonly verificationId: string;
}

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

async function open(): Promise<{ house: House; certificate: Issued }> {
  house = await House.open();
  await house.see(SERVER, { name: 'his <one>' });
  const [certificate] = (await house.facts('certificate.issued')) as Issued[];
  return { house, certificate: certificate as Issued };
}

const lookUp = async (one: House, code: string) =>
  (await one.ask('showPublicCertificate', { params: { code } })) as Response;

describe('the public page of a certificate', () => {
  it('says that it holds, of whom, and until when, and nothing else of the device', async () => {
    const { house: one, certificate } = await open();
    const page = await lookUp(one, certificate.publicCode);
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('Valid');
    expect(text).toContain('his &lt;one&gt;');
    expect(text).toContain(certificate.id);
    for (const secret of ['10.0.0.20', '02:00:00', 'his-server', 'care-support', 'Example Medical', 'ast_fixture']) {
      expect(text).not.toContain(secret);
    }
  });

  it('says that it was revoked, without the reason and who gave it', async () => {
    const { house: one, certificate } = await open();
    await one.ask('revokeCertificate', { params: { id: certificate.id }, body: { reason: 'Stolen from ward 3' } });
    const text = await (await lookUp(one, certificate.publicCode)).text();
    expect(text).toContain('Revoked');
    expect(text).not.toContain('ward 3');
  });

  it('says that its time is over', async () => {
    const { house: one, certificate } = await open();
    one.clock.advance(400 * 86_400_000);
    expect(await (await lookUp(one, certificate.publicCode)).text()).toContain('Expired');
  });

  it('is found by its random code alone, and answers everything else alike', async () => {
    const { house: one, certificate } = await open();
    expect(certificate.publicCode).toMatch(/^[\w-]{22}$/);
    const answers = await Promise.all(
      [certificate.id, 'ast_fixture', '', "' OR 1=1 --", certificate.publicCode.toUpperCase()].map(async (code) => {
        const page = await lookUp(one, code);
        return `${page.status} ${await page.text()}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 /);
  });

  it('cannot be asked without end', async () => {
    const { house: one } = await open();
    const looks = Array.from({ length: 80 }, (_, index) => lookUp(one, `guess-${index}`));
    const settled = await Promise.allSettled(looks);
    const refused = settled.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.reason).toMatchObject({ code: 'SPX_TOO_MANY_REQUESTS' });
    one.clock.advance(10_000);
    expect((await lookUp(one, 'guess')).status).toBe(404);
  });

  it('has a code that a telephone reads', async () => {
    const { house: one, certificate } = await open();
    const picture = (await one.ask('getCertificateQrCode', { params: { id: certificate.id } })) as Response;
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    expect(await picture.text()).toMatch(/^<svg /);
  });
});

describe('a verification', () => {
  it('names the requirements that its checks show, also in the certificate that is signed', async () => {
    const { house: one, certificate } = await open();
    const { items } = (await one.ask('getVerificationCompliance', {
      params: { id: certificate.verificationId },
    })) as { items: { id: string; requirements: { id: string; status: string }[] }[] };
    const iec = items.find(({ id }) => id === 'iec-62443-4-2');
    expect(iec?.requirements.find(({ id }) => id === 'CR 4.3')).toMatchObject({ status: 'shown' });
    expect(iec?.requirements.find(({ id }) => id === 'CR 7.3')).toMatchObject({ status: 'open' });
    const file = (await one.ask('downloadCertificate', { params: { id: certificate.id } })) as Response;
    const { payload } = (await file.json()) as { payload: string };
    expect(JSON.parse(Buffer.from(payload, 'base64').toString()).predicate.covers).toContain('iec-62443-4-2: CR 4.3');
  });

  it('tells what is other than at the last certificate', async () => {
    const { house: one, certificate } = await open();
    const services = [...(SERVER.services ?? []), { protocol: 'telnet', port: 23 }];
    const evidence = [...(SERVER.evidence ?? []), { attribute: 'telnet.server', value: 'true', port: 23 }];
    await one.see({ ...SERVER, services, evidence });
    const latest = (await one.ask('getLatestVerification', { params: { assetId: 'ast_fixture' } })) as { id: string };
    expect(await one.ask('getVerificationDifference', { params: { id: latest.id } })).toMatchObject({
      before: { certificateId: certificate.id, verdict: 'trusted' },
      isVerdictChanged: true,
      checks: expect.arrayContaining([expect.objectContaining({ id: 'telnet-absent', after: 'fail' })]),
      newServices: ['tcp/23 telnet'],
      lostServices: [],
    });
    const first = await one.ask('getVerificationDifference', { params: { id: certificate.verificationId } });
    expect(first).toMatchObject({ before: null, checks: [] });
    const html = (await one.ask('getVerificationReport', {
      params: { id: latest.id },
      query: { format: 'html' },
    })) as Response;
    const text = await html.text();
    expect(text).toContain('It newly offers tcp/23 telnet');
    expect(text).toContain('Laws and standards');
  });
});
