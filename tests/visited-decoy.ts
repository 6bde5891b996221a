import { setTimeout as pause } from 'node:timers/promises';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { freePort } from './probing/lab.ts';
import { call } from './whole-program.ts';

export interface VisitedDecoy {
  readonly id: string;
  readonly session: string;
  readonly sample: string;
  /** Something that was planted. */
  readonly token: string;
}

/** A decoy on loopback that somebody visited and left something in. The service must be on. */
export async function visitDecoy(program: Program): Promise<VisitedDecoy> {
  const [web, shell] = [await freePort(), await freePort()];
  const { id } = await call<{ id: string }>(program, 'POST', '/decoys', {
    persona: 'infusion-pump',
    addresses: ['127.0.0.1'],
    ports: { 80: web, 23: shell },
  });
  const token = await call<{ id: string }>(program, 'POST', '/honeytokens', { kind: 'document', label: 'a share' });
  const headers = { 'content-type': 'text/plain', connection: 'close' };
  await fetch(`http://127.0.0.1:${web}/upload`, { method: 'POST', headers, body: 'left behind' });
  for (let tries = 0; tries < 400; tries += 1) {
    const { items } = await call<{ items: { sha256: string; session: string }[] }>(program, 'GET', '/decoy-samples');
    const { items: sessions } = await call<{ items: { endedAt: number | null }[] }>(program, 'GET', '/decoy-sessions');
    const [sample] = items;
    if (sample !== undefined && sessions.every(({ endedAt }) => endedAt !== null)) {
      return { id, session: sample.session, sample: sample.sha256, token: token.id };
    }
    await pause(25);
  }
  throw new Error('The decoy took no sample.');
}
