import type { Secrets } from '@sphinx/platform';
import { z } from 'zod';
import type { NewSource } from './source.ts';

/** What a source needs to get in somewhere else. Kept encrypted; leaves the store for a run only. */
const SourceCredentials = z.object({
  password: z.string().optional(),
  privateKey: z.string().optional(),
  /** Lines of `known_hosts`: whom a source believes to be the other machine. */
  knownHosts: z.string().optional(),
});
export type SourceCredentials = z.infer<typeof SourceCredentials>;

/** Credentials of sources, in the secrets of the service. */
export class SourceSecrets {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  async get(sourceId: string): Promise<SourceCredentials> {
    const sealed = await this.#secrets.get(nameOf(sourceId));
    return sealed === undefined ? {} : SourceCredentials.parse(JSON.parse(Buffer.from(sealed).toString('utf8')));
  }

  /** Adds to what is known, or replaces it. */
  async put(sourceId: string, credentials: SourceCredentials): Promise<void> {
    const merged = { ...(await this.get(sourceId)), ...credentials };
    await this.#secrets.set(nameOf(sourceId), Buffer.from(JSON.stringify(merged)));
  }

  async remove(sourceId: string): Promise<void> {
    await this.#secrets.remove(nameOf(sourceId));
  }
}

function nameOf(sourceId: string): string {
  return `source:${sourceId}`;
}

/** @returns what a request tells in confidence; undefined where it tells nothing */
export function credentialsOf(request: NewSource): SourceCredentials | undefined {
  if (request.kind === 'rpcap' && request.password !== undefined) return { password: request.password };
  if (request.kind !== 'ssh') return undefined;
  const { host, port, hostKey, privateKey } = request;
  const place = port === 22 ? host : `[${host}]:${port}`;
  return { privateKey, ...(hostKey === undefined ? {} : { knownHosts: `${place} ${hostKey}\n` }) };
}
