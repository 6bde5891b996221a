import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { call, openWholeProgram } from './whole-program.ts';

const PASSWORD = 'a calm night on ward three';
const ORIGIN = 'https://localhost/api/v1';

let program: Program;
beforeAll(async () => {
  program = await openWholeProgram();
  // Somebody has to be left who may change the others.
  await signIn('administrator');
}, 60_000);
afterAll(() => program.close());

interface Person {
  readonly id: string;
  readonly headers: { readonly cookie: string };
}

let count = 0;
async function signIn(role: 'administrator' | 'security-officer' = 'security-officer'): Promise<Person> {
  count += 1;
  const username = `person-${count}`;
  const { id } = await program.access.users.add({ username, name: username, role, password: PASSWORD });
  const secret = await program.access.sessions.open(id);
  return { id, headers: { cookie: `__Host-sphinx=${secret}` } };
}

/** An open stream, and what it has told so far. */
async function listen(headers: Record<string, string>) {
  const response = await program.fetch(new Request(`${ORIGIN}/stream`, { headers }));
  let text = '';
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return 'ended' as const;
  })();
  return { status: response.status, heard: () => text, ended };
}

const change = (path: string, body: object) => call(program, 'PATCH', path, body);
const remove = (path: string) =>
  program.fetch(
    new Request(`${ORIGIN}${path}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${program.access.issueLocalSecret('test')}` },
    }),
  );

describe('an open event stream', () => {
  it.each([
    ['its user is locked', ({ id }: Person) => change(`/users/${id}`, { isDisabled: true })],
    ['its user gets another role', ({ id }: Person) => change(`/users/${id}`, { role: 'viewer' })],
    ['its user gets another password', ({ id }: Person) => change(`/users/${id}`, { password: `${PASSWORD} again` })],
    ['its user is removed', ({ id }: Person) => remove(`/users/${id}`)],
    [
      'its user signs out',
      ({ headers }: Person) =>
        program.fetch(
          new Request(`${ORIGIN}/session`, { method: 'DELETE', headers: { ...headers, 'x-sphinx-request': '1' } }),
        ),
    ],
  ])('ends at once when %s, and hears nothing more', async (_, act) => {
    const person = await signIn();
    const stream = await listen(person.headers);
    await act(person);
    expect(await stream.ended).toBe('ended');
    const heard = stream.heard();
    await change('/settings', { 'log.level': 'error' });
    await delay(400);
    expect(stream.heard()).toBe(heard);
  });

  it('of a token ends when the token is withdrawn, and when its owner loses a permission of it', async () => {
    for (const end of ['withdrawn', 'cut'] as const) {
      const owner = await signIn('administrator');
      const { token, secret } = await program.access.tokens.create(owner.id, {
        name: 'display',
        permissions: ['settings:read', 'users:read'],
        expiresInDays: 1,
      });
      const stream = await listen({ authorization: `Bearer ${secret}` });
      if (end === 'withdrawn') await remove(`/tokens/${token.id}`);
      else await change(`/users/${owner.id}`, { role: 'security-officer' });
      expect(await stream.ended, end).toBe('ended');
    }
  });

  it('goes on, and keeps hearing, when it is somebody else whose rights change', async () => {
    const [person, other] = [await signIn(), await signIn()];
    const stream = await listen(person.headers);
    await change(`/users/${other.id}`, { isDisabled: true });
    await change('/settings', { 'log.level': 'warn' });
    await expect.poll(() => stream.heard()).toContain('event: settings');
  });
});
