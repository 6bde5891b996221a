import { execFile, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { nftablesActuator } from './actuators/nftables.ts';
import { SIGNATURE_HEADER, signatureOf } from './actuators/webhook.ts';
import { loadAccessPolicy } from './decision/access-policy.ts';
import { decideAccess } from './decision/decide.ts';
import { assetOf, call, KNOWLEDGE_FOLDER, openServiceHouse, type ServiceHouse, verdictOf } from './test-house.ts';

const run = promisify(execFile);
const policy = await loadAccessPolicy(KNOWLEDGE_FOLDER);
const SECRET = 'a secret of the switch';
const SETTINGS = { restrictedNetwork: '30', quarantineNetwork: '666', onboardingNetwork: '99' } as const;
const MAC = '00:11:22:aa:bb:cc';
const hasRadclient = spawnSync('radclient', ['-v']).status === 0;

let house: ServiceHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

describe('a decision on access', () => {
  const device = { assetId: 'a', name: 'CT 1', macs: [MAC], ips: [], verificationId: 'v' };

  it.each([
    ['trusted', 'diagnosis', 'accept', ''],
    ['conditional', 'diagnosis', 'accept', '30'],
    ['rejected', 'diagnosis', 'accept', '666'],
    ['insufficient-evidence', undefined, 'accept', '99'],
    ['rejected', 'life-sustaining', 'accept', ''],
    ['rejected', 'therapy', 'accept', ''],
  ] as const)('on a device that is %s and of class %s is %s into VLAN "%s"', (verdict, safetyClass, answer, vlan) => {
    const { done } = decideAccess({ ...device, verdict, safetyClass }, policy, { mode: 'enforce', ...SETTINGS });
    expect(done).toMatchObject({ answer, vlan });
  });

  it('only watched says what it would have done and does nothing', () => {
    const rejected = { ...device, verdict: 'rejected', safetyClass: 'diagnosis' } as const;
    const { asked, done, reasons } = decideAccess(rejected, policy, { mode: 'watch', ...SETTINGS });
    expect(asked).toMatchObject({ network: 'quarantine', vlan: '666' });
    expect(done).toEqual({ answer: 'accept', network: 'own', vlan: '' });
    expect(reasons.join(' ')).toContain('watches only');
  });

  it('refuses a rejected device where there is no quarantine', () => {
    const rejected = { ...device, verdict: 'rejected', safetyClass: 'none' } as const;
    const { done } = decideAccess(rejected, policy, { mode: 'enforce', ...SETTINGS, quarantineNetwork: '' });
    expect(done.answer).toBe('reject');
  });
});

describe('the gate', () => {
  it.runIf(hasRadclient)('answers a real RADIUS client with the VLAN of the verdict', async () => {
    house = await openServiceHouse({ mode: 'enforce', radiusHost: '127.0.0.1', radiusPort: 21_812, ...SETTINGS });
    await call(house, 'addRadiusClient', { body: { name: 'switch 1', address: '127.0.0.1', secret: SECRET } });
    expect(await ask('00-11-22-AA-BB-CC')).toMatch(/Access-Accept[\s\S]*Tunnel-Private-Group-Id:0 = "99"/);
    await house.publish('asset.updated', 'ast_1', assetOf('ast_1', 'CT 1', MAC, 'diagnosis'));
    await house.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'rejected', 1));
    const answer = await ask(MAC);
    expect(answer).toMatch(/Tunnel-Type:0 = VLAN/);
    expect(answer).toMatch(/Tunnel-Medium-Type:0 = IEEE-802/);
    expect(answer).toMatch(/Tunnel-Private-Group-Id:0 = "666"/);
    expect(answer).toContain('The verdict on CT 1 is rejected.');
    await house.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'trusted', 2));
    const trusted = await ask(MAC);
    expect(trusted).toMatch(/Access-Accept/);
    expect(trusted).not.toMatch(/Tunnel-Private-Group-Id/);
    const { items } = (await call(house, 'listGateDecisions')) as { items: { client: string; mac: string }[] };
    expect(items.filter(({ client }) => client === 'switch 1')).toHaveLength(3);
    expect(house.audited.filter(({ action }) => action === 'gate.decide')).toHaveLength(items.length);
  });

  it.runIf(hasRadclient)(
    'does not answer who knows no secret, sends no Message-Authenticator or is a stranger',
    async () => {
      house = await openServiceHouse({ mode: 'enforce', radiusHost: '127.0.0.1', radiusPort: 21_812, ...SETTINGS });
      expect(await ask(MAC)).toContain('No reply');
      await call(house, 'addRadiusClient', { body: { name: 'switch 1', address: '127.0.0.1', secret: SECRET } });
      expect(await ask(MAC, 'wrong wrong wrong')).toContain('No reply');
      await sendWithoutAuthenticator();
      expect(await ask('alice', SECRET)).toMatch(/Access-Reject/);
      const health = await house.running?.health?.();
      expect(health?.figures).toMatchObject({ strangers: 1, forged: 2, rejected: 1 });
    },
  );

  it('signs what it sends to the webhook, and sends nothing when a verdict asks for the same again', async () => {
    const received: { body: string; signature: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        received.push({ body, signature: String(request.headers[SIGNATURE_HEADER]) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    house = await openServiceHouse({ webhookUrl, ...SETTINGS });
    const { secret } = (await call(house, 'renewGateWebhookSecret')) as { secret: string };
    await house.publish('asset.updated', 'ast_1', assetOf('ast_1', 'CT 1', MAC, 'diagnosis'));
    await house.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'rejected', 1));
    await house.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'rejected', 2));
    server.close();
    expect(received).toHaveLength(1);
    const [{ body, signature } = { body: '', signature: '' }] = received;
    const sent = JSON.parse(body);
    expect(signature).toBe(signatureOf(body, sent.time, Buffer.from(secret)));
    expect(sent).toMatchObject({ verdict: 'rejected', asked: { network: 'quarantine' }, done: { network: 'own' } });
  });

  it('notes on the decision what could not be carried out', async () => {
    house = await openServiceHouse({ webhookUrl: 'http://127.0.0.1:9/', ...SETTINGS });
    await house.publish('asset.updated', 'ast_1', assetOf('ast_1', 'CT 1', MAC, 'diagnosis'));
    await house.publish('verdict.issued', 'ast_1', verdictOf('ast_1', 'rejected', 1));
    expect(await call(house, 'listGateDecisions')).toMatchObject({
      items: [{ faults: [expect.stringContaining('webhook')] }],
    });
  });

  it('puts addresses of quarantine into the set of the firewall, and takes them out again', async () => {
    const calls: string[] = [];
    const actuator = nftablesActuator('inet filter sphinx_quarantine', async (parameters) => {
      if (parameters[0] !== 'list') calls.push(parameters.join(' '));
      return { stdout: 'table inet filter { set sphinx_quarantine { type ipv4_addr } }' };
    });
    const device = {
      assetId: 'a',
      name: 'CT',
      macs: [],
      ips: ['10.0.0.9', 'no address; flush'],
      safetyClass: undefined,
      verdict: 'rejected',
      verificationId: 'v',
    } as const;
    const out = { answer: 'accept', network: 'quarantine', vlan: '666' } as const;
    const usual = { answer: 'accept', network: 'own', vlan: '' } as const;
    await actuator.apply({ id: '1', time: 1, device, decision: { asked: out, done: out, reasons: [] } });
    await actuator.apply({ id: '2', time: 2, device, decision: { asked: usual, done: usual, reasons: [] } });
    expect(calls).toEqual([
      'add element inet filter sphinx_quarantine { 10.0.0.9 }',
      'delete element inet filter sphinx_quarantine { 10.0.0.9 }',
    ]);
  });
});

/** Asks as a switch does that lets a device in by its address. @returns what radclient tells */
async function ask(user: string, secret = SECRET): Promise<string> {
  const attributes = [
    `User-Name = "${user}"`,
    `User-Password = "${user}"`,
    'Service-Type = Call-Check',
    'Message-Authenticator = 0x00',
  ];
  const child = run('radclient', ['-x', '-r', '1', '-t', '1', '127.0.0.1:21812', 'auth', secret]);
  child.child.stdin?.end(`${attributes.join('\n')}\n`);
  const { stdout, stderr } = await child.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

/** What a switch sends that knows nothing of BlastRADIUS: an Access-Request with a user name alone. */
async function sendWithoutAuthenticator(): Promise<void> {
  const name = Buffer.from('001122aabbcc');
  const attribute = Buffer.concat([Buffer.from([1, name.length + 2]), name]);
  const packet = Buffer.concat([Buffer.from([1, 9, 0, 20 + attribute.length]), Buffer.alloc(16, 3), attribute]);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.send(packet, 21_812, '127.0.0.1', () => resolve()));
  socket.close();
}
