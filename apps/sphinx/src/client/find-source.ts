import { SphinxError } from '@sphinx/platform/errors';
import { readAllPages } from './all-pages.ts';
import type { ApiClient } from './api-client.ts';

/** A traffic source as the API shows it. */
export interface SourceView {
  readonly id: string;
  /** `file`, `folder`, `interface`, `flow-exports` … */
  readonly kind: string;
  readonly title: string;
  readonly path?: string;
  readonly interface?: string;
  readonly state: 'idle' | 'running' | 'finished' | 'failed' | 'stopped';
  readonly packets: number;
  readonly bytes: number;
  /** Packets, datagrams or records that never came here. */
  readonly lost: number;
  readonly unreadable: number;
  /** Read so far, 0 to 1; null for a live source. */
  readonly fraction: number | null;
  readonly message: string;
}

/**
 * The traffic source that a person means by its id, title, path or interface.
 *
 * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when several fit
 */
export async function findSource(client: ApiClient, text: string): Promise<SourceView> {
  const sources = await readAllPages<SourceView>(client, '/sources');
  const found = sources.filter((source) => [source.id, source.title, source.path, source.interface].includes(text));
  const [first, second] = found;
  if (first === undefined) {
    throw new SphinxError(
      'SPX_NOT_FOUND',
      `No traffic source is "${text}". "sphinx sources" lists those that there are.`,
    );
  }
  if (second !== undefined) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new SphinxError('SPX_CONFLICT', `Several traffic sources are "${text}": ${ids}. Name one by its id.`);
  }
  return first;
}
