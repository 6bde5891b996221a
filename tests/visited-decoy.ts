import { setTimeout as pause } from 'node:timers/promises';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { freePort } from './probing/lab.ts';
import { call } from './whole-program.ts';

/** A decoy on loopback that somebody visited and left something in. The service must be on. */
export async function visitDecoy(program: Program): Promise<{ id: string; session: string; sample: string }> {
  const [web, shell] = [await freePort(), await freePort()];
  const { id } = await call<{ id: string }>(program, 'POST', '/decoys', {
    persona: 'infusion-pump',
    addresses: ['127.0.0.1'],
    ports: { 80: web, 23: shell },
  });
  const headers = { 'content-type': 'text/plain', connection: 'close' };
  await fetch(`http://127.0.0.1:${web}/upload`, { method: 'POST', headers, body: 'left behind' });
  for (let tries = 0; tries < 400; tries += 1) {
    const { items } = await call<{ items: { sha256: string; session: string }[] }>(program, 'GET', '/decoy-samples');
    const { items: sessions } = await call<{ items: { endedAt: number | null }[] }>(program, 'GET', '/decoy-sessions');
    const [sample] = items;
    if (sample !== undefined && sessions.every(({ endedAt }) => endedAt !== null)) {
      return { id, session: sample.session, sample: sample.sha256 };
    }
    await pause(25);
  }
  throw new Error('The decoy took no sample.');
}
