import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/clock.ts';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { Access, SESSION_COOKIE } from './access.ts';
import { makerScopeOf } from './maker-scope.ts';
import { hashPassword, isPasswordOf } from './password.ts';
import type { User } from './users.ts';

const HOUR_MS = 3_600_000;
const PASSWORD = 'a calm night on ward three';

describe('passwords', () => {
  it('are kept as Argon2id hashes that differ for the same password', async () => {
    const [first, second] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(await isPasswordOf(PASSWORD, first)).toBe(true);
    expect(await isPasswordOf(`${PASSWORD}.`, first)).toBe(false);
  });

  it('fit however the keyboard composed their letters', async () => {
    expect(await isPasswordOf('Pflegestu\u0308tzpunkt', await hashPassword('Pflegest\u00fctzpunkt'))).toBe(true);
  });

  it('never fit a damaged hash', async () => {
    for (const damaged of ['', '$argon2id$', 'plain', '$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA']) {
      expect(await isPasswordOf(PASSWORD, damaged)).toBe(false);
    }
  });
});

describe('access', () => {
  let state: StateStore;
  let access: Access;
  let administrator: User;
  const clock = new ManualClock(Date.UTC(2026, 10, 24));
  const withCookie = (secret: string, method = 'GET', headers: Record<string, string> = {}) =>
    new Request('https://localhost/', { method, headers: { cookie: `${SESSION_COOKIE}=${secret}`, ...headers } });
  const withToken = (secret: string) =>
    new Request('https://localhost/', { headers: { authorization: `Bearer ${secret}` } });

  beforeAll(async () => {
    state = await openPgliteStateStore({});
    access = await Access.open({ state, clock, limits: () => ({ hours: 12, idleHours: 2 }) });
  });
  afterAll(() => state.close());

  it('lets the one-time link make one administrator and no second', async () => {
    const secret = access.firstRunSecret ?? '';
    const add = () =>
      access.users.add({ username: 'ada', name: 'Ada Example', role: 'administrator', password: PASSWORD });
    await expect(access.redeemFirstRun('wrong', add)).rejects.toMatchObject({ code: 'SPX_FORBIDDEN' });
    administrator = await access.redeemFirstRun(secret, add);
    expect(administrator.role).toBe('administrator');
    expect(access.firstRunSecret).toBeUndefined();
    await expect(access.redeemFirstRun(secret, add)).rejects.toMatchObject({ code: 'SPX_CONFLICT' });
  });

  it('offers no link once there is an account, also after a restart', async () => {
    const again = await Access.open({ state, clock, limits: () => ({ hours: 12, idleHours: 2 }) });
    expect(again.firstRunSecret).toBeUndefined();
  });

  it('refuses passwords that are short, hold the user name or repeat themselves', async () => {
    for (const password of ['short', 'grace-grace-2026', 'aaaaaaaaaaaaaaaa']) {
      const add = access.users.add({ username: 'grace', name: 'Grace', role: 'viewer', password });
      await expect(add).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
    }
  });

  it('always keeps an administrator who can sign in', async () => {
    const { id } = administrator;
    await expect(access.users.remove(id)).rejects.toMatchObject({ code: 'SPX_CONFLICT' });
    await expect(access.users.change(id, { role: 'viewer' })).rejects.toMatchObject({ code: 'SPX_CONFLICT' });
    await expect(access.users.change(id, { isDisabled: true })).rejects.toMatchObject({ code: 'SPX_CONFLICT' });
    expect((await access.users.get(id)).role).toBe('administrator');
  });

  it('ends a session after its time, and earlier without use', async () => {
    const secret = await access.sessions.open(administrator.id);
    expect((await access.principalOf(withCookie(secret))).name).toBe('ada');
    clock.advance(1.5 * HOUR_MS);
    expect((await access.principalOf(withCookie(secret))).kind).toBe('user');
    clock.advance(2.1 * HOUR_MS);
    expect((await access.principalOf(withCookie(secret))).kind).toBe('anonymous');
  });

  it('takes a change with a session only from the console', async () => {
    const secret = await access.sessions.open(administrator.id);
    await expect(access.principalOf(withCookie(secret, 'POST'))).rejects.toMatchObject({ code: 'SPX_FORBIDDEN' });
    const principal = await access.principalOf(withCookie(secret, 'POST', { 'x-sphinx-request': '1' }));
    expect(principal.id).toBe(administrator.id);
  });

  it('ends every session of a user whose password or role changes, or who is locked', async () => {
    const user = await access.users.add({ username: 'bo', name: 'Bo', role: 'viewer', password: PASSWORD });
    const secret = await access.sessions.open(user.id);
    await access.users.change(user.id, { role: 'auditor' });
    expect((await access.principalOf(withCookie(secret))).kind).toBe('anonymous');
    await access.users.change(user.id, { isDisabled: true });
    expect(await access.users.authenticate('bo', PASSWORD)).toBeUndefined();
  });

  it('gives a token its scopes and never more than the role of its owner still allows', async () => {
    const user = await access.users.add({ username: 'cy', name: 'Cy', role: 'it-operator', password: PASSWORD });
    const { secret } = await access.tokens.create(user.id, {
      name: 'inventory export',
      permissions: ['assets:read', 'sources:write'],
      expiresInDays: 1,
    });
    expect([...(await access.principalOf(withToken(secret))).permissions]).toEqual(['assets:read', 'sources:write']);
    await access.users.change(user.id, { role: 'viewer' });
    expect([...(await access.principalOf(withToken(secret))).permissions]).toEqual(['assets:read']);
    clock.advance(25 * HOUR_MS);
    await expect(access.principalOf(withToken(secret))).rejects.toMatchObject({ code: 'SPX_UNAUTHENTICATED' });
  });

  it('holds a vendor to the makers that an administrator named, from the next request on', async () => {
    const user = await access.users.add({
      username: 'acme',
      name: 'Acme',
      role: 'vendor',
      makers: ['Acme Medical'],
      password: PASSWORD,
    });
    const principal = await access.principalOf(withCookie(await access.sessions.open(user.id)));
    expect([...principal.permissions]).toEqual(['vendor:read', 'vendor:upload', 'tokens:write']);
    expect(makerScopeOf(principal, undefined).has('ACME-Medical')).toBe(true);
    for (const maker of ['Acme Medical Systems', 'Acme', '', undefined]) {
      expect(makerScopeOf(principal, undefined).has(maker)).toBe(false);
    }
    expect(() => makerScopeOf(principal, 'Philips')).toThrow(/not of that maker/);
    const token = await access.tokens.create(user.id, {
      name: 'build server',
      permissions: ['vendor:upload', 'assets:read'],
      expiresInDays: 90,
    });
    const ofToken = () => access.principalOf(withToken(token.secret));
    expect([...(await ofToken()).permissions]).toEqual(['vendor:upload']);
    expect(makerScopeOf(await ofToken(), undefined).makers).toEqual(['Acme Medical']);
    const secret = await access.sessions.open(user.id);
    await access.users.change(user.id, { makers: ['Acme Lifts'] });
    expect(makerScopeOf(await ofToken(), undefined).makers).toEqual(['Acme Lifts']);
    expect((await access.principalOf(withCookie(secret))).kind).toBe('anonymous');
    expect((await access.users.change(user.id, { role: 'viewer' })).makers).toEqual([]);
    expect((await access.principalOf(withCookie(await access.sessions.open(user.id)))).makers).toBeUndefined();
  });

  it('refuses a vendor without a maker, and makers of anybody else', async () => {
    const base = { username: 'nobody', name: 'N', password: PASSWORD };
    for (const fields of [
      { ...base, role: 'vendor' as const },
      { ...base, role: 'viewer' as const, makers: ['Acme Medical'] },
    ]) {
      await expect(access.users.add(fields)).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
    }
  });

  it('keeps no secret of a session or token in the database', async () => {
    const session = await access.sessions.open(administrator.id);
    const { secret } = await access.tokens.create(administrator.id, {
      name: 'x',
      permissions: ['assets:read'],
      expiresInDays: null,
    });
    const rows = [
      ...(await state.query('SELECT * FROM access.session')),
      ...(await state.query('SELECT * FROM access.token')),
      ...(await state.query('SELECT * FROM access.user_account')),
    ];
    const text = JSON.stringify(rows);
    for (const kept of [session, secret, PASSWORD]) expect(text).not.toContain(kept);
  });

  it('slows down guessing, and forgives after a success', () => {
    for (let attempt = 0; attempt < 5; attempt++) access.attempts.failed('ada');
    expect(() => access.attempts.require('ada')).toThrow(/Try again in \d+ s/);
    clock.advance(16 * 60_000);
    expect(() => access.attempts.require('ada')).not.toThrow();
    access.attempts.succeeded('ada');
    access.attempts.failed('ada');
    expect(() => access.attempts.require('ada')).not.toThrow();
  });
});
