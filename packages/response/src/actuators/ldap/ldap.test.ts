import { Attribute, Change, Client, InvalidCredentialsError } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand, Preparation } from '../../contract/actuator.ts';
import { BASE_DN, DirectoryServer, PASSWORD, SPHINX_DN } from '../../testing/directory-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { ACCOUNT_SCHEMAS } from './account-schema.ts';
import { ldap } from './ldap.ts';

const signal = new AbortController().signal;
const NURSE = `uid=nurse,ou=people,${BASE_DN}`;

let server: DirectoryServer;
beforeAll(async () => {
  server = await DirectoryServer.start();
});
afterAll(() => server.stop());

function open(schema: keyof typeof ACCOUNT_SCHEMAS, more: object = {}, password: string = PASSWORD): Actuator {
  const settings = ldap.settings.parse({
    host: '127.0.0.1',
    port: server.port,
    authority: server.authority,
    baseDn: BASE_DN,
    bindDn: SPHINX_DN,
    passwordSecret: 'directory',
    schema,
    ...more,
  });
  return ldap.open('directory', settings, { secrets: secretsOf({ directory: password }), now: () => 0 });
}

function setting(name: string, enabled: boolean | undefined): ActuatorCommand {
  const command = {
    action: enabled === undefined ? 'update' : 'set',
    target: { 'x-sphinx:account': { name, enabled } },
  } as const;
  return { id: `run/${name}`, command, addresses: [], macAddresses: [], keptFlows: [] };
}

async function apply(actuator: Actuator, command: ActuatorCommand): Promise<Preparation> {
  const preparation = await actuator.prepare(command, signal);
  await actuator.apply(command, preparation, signal);
  expect(await actuator.verify(command, preparation, signal)).toBe('in-force');
  return preparation;
}

/** Whether the nurse gets in, as the directory itself decides it. */
async function mayLogIn(): Promise<boolean> {
  const client = new Client({ url: `ldaps://127.0.0.1:${server.port}`, tlsOptions: { ca: server.authority } });
  try {
    await client.bind(NURSE, PASSWORD);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return false;
    throw error;
  } finally {
    await client.unbind();
  }
}

async function asAdministrator(dn: string, operation: 'add' | 'replace' | 'delete', type: string, ...values: string[]) {
  const client = new Client({ url: `ldaps://127.0.0.1:${server.port}`, tlsOptions: { ca: server.authority } });
  await client.bind(`cn=admin,${BASE_DN}`, PASSWORD);
  await client.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) }));
  await client.unbind();
}

for (const schema of Object.keys(ACCOUNT_SCHEMAS) as (keyof typeof ACCOUNT_SCHEMAS)[]) {
  describeActuatorContract(`LDAP with ${ACCOUNT_SCHEMAS[schema].title}`, async () => ({
    open: () => open(schema),
    openAway: () => open(schema, { port: 1 }),
    openRefused: () => open(schema, {}, 'wrong'),
    command: setting('nurse', false),
    other: setting('doctor', false),
    hostile: [
      setting('*', false),
      setting('nurse)(uid=*', false),
      setting('o(mal)*ley', false),
      setting(`nurse,ou=people,${BASE_DN}`, false),
      setting('\\2a\0', false),
    ],
    state: async () => await server.dump(),
    changeByOthers: () => asAdministrator(NURSE, 'replace', 'description', `seen by ${schema}`),
    dispose: async () => {},
  }));
}

describe('An account of a directory', () => {
  it('is let in no more once it is disabled, and again when that is taken back', async () => {
    const actuator = open('password-policy');
    expect(await mayLogIn()).toBe(true);
    const preparation = await apply(actuator, setting('nurse', false));
    expect(await mayLogIn()).toBe(false);
    await actuator.undo(setting('nurse', false), preparation, signal);
    expect(await mayLogIn()).toBe(true);
  });

  it('that somebody else had disabled before stays disabled', async () => {
    await asAdministrator(NURSE, 'replace', 'userAccountControl', '66050');
    const actuator = open('active-directory');
    const preparation = await apply(actuator, setting('nurse', false));
    await actuator.undo(setting('nurse', false), preparation, signal);
    expect(await server.dump()).toContain('userAccountControl: 66050');
    const enabled = await apply(actuator, setting('nurse', true));
    expect(await server.dump()).not.toContain('userAccountControl: 66050');
    await actuator.undo(setting('nurse', true), enabled, signal);
    expect(await server.dump()).toContain('userAccountControl: 66050');
    await asAdministrator(NURSE, 'replace', 'userAccountControl', '66048');
  });

  it('keeps the flags that others set meanwhile', async () => {
    const actuator = open('active-directory');
    const preparation = await apply(actuator, setting('nurse', false));
    await asAdministrator(NURSE, 'replace', 'userAccountControl', String(66050 | 0x100000));
    await actuator.undo(setting('nurse', false), preparation, signal);
    expect(await server.dump()).toContain(`userAccountControl: ${66048 | 0x100000}`);
    await asAdministrator(NURSE, 'replace', 'userAccountControl', '66048');
  });

  it('has to change its password when the command is "update"', async () => {
    const before = await server.dump();
    for (const [schema, line] of [
      ['password-policy', 'pwdReset: TRUE'],
      ['shadow', 'shadowLastChange: 0'],
    ] as const) {
      const preparation = await apply(open(schema), setting('nurse', undefined));
      expect(await server.dump()).toContain(line);
      await open(schema).undo(setting('nurse', undefined), preparation, signal);
      expect(await server.dump()).toBe(before);
    }
    await expect(open('account-lock').prepare(setting('nurse', undefined), signal)).rejects.toThrow(/389/);
  });

  it('is not disabled where the settings say that it stays', async () => {
    const kept = open('shadow', { neverDisable: ['Nurse'] });
    await expect(kept.prepare(setting('nurse', false), signal)).rejects.toThrow(/must stay/);
  });

  it('is asked for of nobody whose certificate is not believed', async () => {
    const { isReady, message } = await open('shadow', { authority: undefined }).check(signal);
    expect(isReady).toBe(false);
    expect(message).toMatch(/certificate/);
  });

  it('is not changed by an account that lacks the right, and the message says which', async () => {
    const actuator = open('shadow', { bindDn: `uid=doctor,ou=people,${BASE_DN}` });
    const preparation = await actuator.prepare(setting('nurse', false), signal);
    await expect(actuator.apply(setting('nurse', false), preparation, signal)).rejects.toThrow(/may not change/);
  });
});
