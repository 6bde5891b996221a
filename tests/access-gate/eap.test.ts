import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  assetOf,
  call,
  openServiceHouse,
  type ServiceHouse,
  verdictOf,
} from '../../services/access-gate/test-house.ts';
import { createTestCertificates } from '../probing/certificates.ts';
import { freePort, Lab } from '../probing/lab.ts';
import { startFreeRadius } from './free-radius.ts';

// 802.1X with the client that hospitals' devices have (eapol_test is wpa_supplicant without a network card) and FreeRADIUS behind
// the gate: the server says who it is, the verdict decides on what follows.

const run = promisify(execFile);
const SECRET = 'a secret of the switch';
const MAC = '00:11:22:aa:bb:cc';
const NETWORKS = { restrictedNetwork: '30', quarantineNetwork: '666', onboardingNetwork: '99' } as const;
const lab = new Lab();
let radius = 0;
let house: ServiceHouse | undefined;

beforeAll(async () => {
  const { good, authority } = await createTestCertificates(lab);
  radius = await freePort();
  await startFreeRadius(lab, { port: radius, secret: SECRET, pair: good, authority });
}, 30_000);
afterAll(() => lab.stop());
afterEach(async () => {
  await house?.close();
  house = undefined;
});

/** The gate in front of FreeRADIUS. @returns port on which switches ask it */
async function openGate(settings: Parameters<typeof openServiceHouse>[0] = {}): Promise<number> {
  const radiusPort = await freePort();
  const eapServer = `127.0.0.1 ${radius}`;
  house = await openServiceHouse({
    mode: 'enforce',
    radiusHost: '127.0.0.1',
    radiusPort,
    eapServer,
    ...NETWORKS,
    ...settings,
  });
  // The switch and the server behind it have the same address here, and so the same secret.
  await call(house, 'addRadiusClient', { body: { name: 'switch 1', address: '127.0.0.1', secret: SECRET } });
  return radiusPort;
}

/** Signs in as a device does at the port of a switch. @returns what eapol_test tells */
async function signIn(port: number, options: { password?: string; secret?: string } = {}): Promise<string> {
  const { password = 'not-a-default', secret = SECRET } = options;
  const network = `network={
    key_mgmt=IEEE8021X
    eap=TTLS
    identity="technician"
    password="${password}"
    phase2="auth=PAP"
  }\n`;
  const folder = await lab.folder({ 'device.conf': network });
  const where = ['-a', '127.0.0.1', '-p', String(port), '-s', secret, '-M', MAC, '-t', '8'];
  const told = await run('eapol_test', ['-c', join(folder, 'device.conf'), ...where], { maxBuffer: 1 << 24 }).catch(
    (error: { stdout: string }) => error,
  );
  return told.stdout;
}

describe('a device that signs in with a password (EAP-TTLS)', () => {
  it('is let in by the server behind the gate, into the network of its verdict, with the keys of its session', async () => {
    const port = await openGate();
    await house?.publish('asset.updated', 'ast_1', assetOf('ast_1', 'CT 1', MAC, 'diagnosis'));
    await house?.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'conditional', 1));
    const told = await signIn(port);
    expect(told.trim()).toMatch(/SUCCESS$/);
    // The keys were hidden for the gate; that both ends have the same shows that it hid them anew.
    expect(told).toMatch(/MPPE keys OK: 1 {2}mismatch: 0/);
    expect(told).toMatch(/Attribute 81 \(Tunnel-Private-Group-Id\)[\s\S]{0,60}3330|Value: 3330/);
    expect(await call(house as ServiceHouse, 'listGateDecisions')).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ client: 'switch 1', mac: MAC })]),
    });
  }, 60_000);

  it('is refused by its verdict, whatever its password, where there is no quarantine', async () => {
    const port = await openGate({ quarantineNetwork: '' });
    await house?.publish('asset.updated', 'ast_1', assetOf('ast_1', 'CT 1', MAC, 'diagnosis'));
    await house?.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'rejected', 1));
    const told = await signIn(port);
    expect(told.trim()).toMatch(/FAILURE$/);
    expect(told).toContain('EAP: Received EAP-Failure');
  }, 60_000);

  it('is refused by the server for a wrong password', async () => {
    const told = await signIn(await openGate(), { password: 'wrong' });
    expect(told.trim()).toMatch(/FAILURE$/);
    expect((await house?.running?.health?.())?.figures).toMatchObject({ rejected: 1, accepted: 0 });
  }, 60_000);

  it('gets no answer through a switch whose secret is wrong', async () => {
    const told = await signIn(await openGate(), { secret: 'another secret altogether' });
    expect(told.trim()).toMatch(/FAILURE$/);
    expect((await house?.running?.health?.())?.figures).toMatchObject({ accepted: 0, rejected: 0 });
  }, 60_000);

  it('is refused with a reason where no server is named', async () => {
    const told = await signIn(await openGate({ eapServer: '' }));
    expect(told.trim()).toMatch(/FAILURE$/);
    expect(told).toContain('EAP: Received EAP-Failure');
  }, 60_000);
});
