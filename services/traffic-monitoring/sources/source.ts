import { deterministicId } from '@sphinx/schema';
import { z } from 'zod';

export const SourceKind = z.enum(['file', 'folder', 'interface', 'sample']).meta({ id: 'SourceKind' });
export const SourceState = z.enum(['idle', 'running', 'finished', 'failed', 'stopped']).meta({ id: 'SourceState' });

/** Where traffic comes from. */
export const Source = z
  .object({
    id: z.string(),
    kind: SourceKind,
    title: z.string(),
    path: z.string().optional().meta({ description: 'Capture file or folder on the machine that SPHINX runs on' }),
    interface: z.string().optional(),
    state: SourceState,
    isSample: z.boolean(),
    packets: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    fraction: z.number().min(0).max(1).nullable().meta({ description: 'Read so far; null for a live source' }),
    message: z.string(),
    startedAt: z.int().nullable(),
    endedAt: z.int().nullable(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof Source>;

export const NewSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1), title: z.string().min(1).max(200).optional() }),
  z.object({ kind: z.literal('folder'), path: z.string().min(1), title: z.string().min(1).max(200).optional() }),
  z.object({
    kind: z.literal('interface'),
    interface: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}$/),
    title: z.string().min(1).max(200).optional(),
  }),
]);
export type NewSource = z.infer<typeof NewSource>;

/** A source that has not run yet. Its id follows from what it reads, so that adding it twice gives one source. */
export function createSource(
  fields: Pick<Source, 'kind' | 'title' | 'isSample'> & { path?: string; interface?: string; identity: string },
): Source {
  const { identity, ...rest } = fields;
  return {
    id: deterministicId('src', fields.kind, identity),
    ...rest,
    state: 'idle',
    packets: 0,
    bytes: 0,
    fraction: fields.kind === 'file' || fields.kind === 'sample' ? 0 : null,
    message: '',
    startedAt: null,
    endedAt: null,
  };
}
