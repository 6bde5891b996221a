import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DecoyContext } from '../decoys/decoy-context.ts';
import { inventPatients } from '../decoys/patients.ts';
import { type DecoyKnowledge, loadDecoyKnowledge } from '../knowledge.ts';
import type { SessionEvent } from '../sessions/session-event.ts';
import type { Peer } from './conversation.ts';
import type { DecoyKeys } from './registry.ts';

export const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const NOW = 1_700_000_000_000;

/** A peer without a socket: what is sent and noted can be looked at. */
export class TestPeer implements Peer {
  readonly localAddress = '192.0.2.10';
  readonly localPort = 1;
  readonly remoteAddress = '192.0.2.99';
  readonly events: SessionEvent[] = [];
  readonly samples: { name: string; bytes: Uint8Array }[] = [];
  readonly secrets: string[] = [];
  sent: Buffer[] = [];
  isEnded = false;

  get sentBytes(): Buffer {
    return Buffer.concat(this.sent);
  }

  note(kind: SessionEvent['kind'], text: string, data?: SessionEvent['data']): void {
    this.events.push(data === undefined ? { atMs: 0, kind, text } : { atMs: 0, kind, text, data });
  }

  logOn({ user, secret, isAccepted }: { user: string; secret: string; isAccepted: boolean }): void {
    this.secrets.push(secret);
    this.note('log-on', user, { user, isAccepted });
  }

  sample(name: string, bytes: Uint8Array): void {
    this.samples.push({ name, bytes });
  }

  frame(): void {}

  reveal(): void {}

  send(bytes: Uint8Array | string): void {
    this.sent.push(Buffer.from(bytes as Uint8Array));
  }

  end(): void {
    this.isEnded = true;
  }

  later(): void {}

  now(): number {
    return NOW;
  }

  random(length: number): Buffer {
    return randomBytes(length);
  }

  async expectData(): Promise<number> {
    return 0;
  }
}

export async function testContext(): Promise<{ context: DecoyContext; knowledge: DecoyKnowledge; keys: DecoyKeys }> {
  const knowledge = await loadDecoyKnowledge(KNOWLEDGE);
  const identity = {
    hostName: 'pacs1',
    domain: 'example.org',
    banners: {},
    movedPorts: {},
    addedServices: [],
    reasons: [],
  };
  const context: DecoyContext = {
    identity,
    patients: inventPatients(knowledge.words, 'test', 20, NOW),
    sites: knowledge.sites,
    machines: knowledge.machines,
  };
  const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
    (key as unknown as { export(options: object): string }).export({ type: 'pkcs8', format: 'pem' });
  const keys: DecoyKeys = {
    rsa: pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey as never),
    ed25519: pem(generateKeyPairSync('ed25519').privateKey as never),
    tls: '',
    certificate: '',
  };
  return { context, knowledge, keys };
}
