import { deterministicId } from '@sphinx/schema';
import { z } from 'zod';

export const SourceKind = z
  .enum([
    'file',
    'folder',
    'interface',
    'sample',
    'flow-exports',
    'records',
    'packet-server',
    'packet-client',
    'rpcap',
    'ssh',
    'sensor',
  ])
  .meta({ id: 'SourceKind' });
export type SourceKind = z.infer<typeof SourceKind>;
export const SourceState = z.enum(['idle', 'running', 'finished', 'failed', 'stopped']).meta({ id: 'SourceState' });

const PLACE = {
  path: z.string().optional().meta({ description: 'File, folder or Unix socket on the machine that SPHINX runs on' }),
  interface: z.string().optional(),
  host: z.string().optional().meta({ description: 'Address to listen on, or machine to read from' }),
  port: z.int().optional(),
  user: z.string().optional().meta({ description: 'Account on the other machine' }),
  usesSudo: z.boolean().optional(),
  filter: z.string().optional().meta({ description: 'What of the interface is read, as tcpdump understands it' }),
  snapLength: z.int().optional().meta({ description: 'Bytes of a packet that are read; all of it when absent' }),
};

/** Where traffic comes from. */
export const Source = z
  .object({
    id: z.string(),
    kind: SourceKind,
    title: z.string(),
    ...PLACE,
    state: SourceState,
    isSample: z.boolean(),
    packets: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    lost: z.int().nonnegative().default(0).meta({
      description:
        'Packets, datagrams or records that never came here, as the kernel, the sender or gaps in its numbers tell',
    }),
    unreadable: z.int().nonnegative().default(0).meta({ description: 'Entries that could not be read' }),
    fraction: z.number().min(0).max(1).nullable().meta({ description: 'Read so far; null for a live source' }),
    message: z.string(),
    startedAt: z.int().nullable(),
    endedAt: z.int().nullable(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof Source>;
export type SourcePlace = Pick<Source, keyof typeof PLACE>;

const title = z.string().min(1).max(200).optional();
const port = z.int().min(1).max(65_535);
const LISTENING_HOST = z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0');
const HOST = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$/);
const INTERFACE = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}$/);
/** An expression of pcap-filter(7); it is one argument of the capture program, and no option of it. */
const FILTER = z
  .string()
  .trim()
  .max(1000)
  .regex(/^[^\s-][ -~]*$/, 'Write the filter as tcpdump understands it, for example: not port 22');
/** Less would cut headers off; more carries no packet that SPHINX watches. */
const SNAP_LENGTH = z.int().min(96).max(262_144);
const ACCOUNT = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/);

/** Ports by which the senders know us unless they are told otherwise. */
const USUAL_PORT = { flowExports: 2055, pcapOverIp: 57_012, rpcap: 2002, ssh: 22 } as const;
const MAXIMUM_SECRET_LENGTH = 16_384;

const NewRecords = z
  .object({
    kind: z.literal('records'),
    host: LISTENING_HOST,
    port: port.optional(),
    path: z.string().startsWith('/').max(107).optional().meta({ description: 'Unix socket, instead of a port' }),
    title,
  })
  .refine((source) => (source.port === undefined) !== (source.path === undefined), {
    message: 'Name either the port or the path of a Unix socket.',
  });

export const NewSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1), title }),
  z.object({ kind: z.literal('folder'), path: z.string().min(1), title }),
  z.object({
    kind: z.literal('interface'),
    interface: INTERFACE,
    filter: FILTER.optional(),
    snapLength: SNAP_LENGTH.optional(),
    title,
  }),
  z.object({
    kind: z.literal('flow-exports'),
    host: LISTENING_HOST,
    port: port.default(USUAL_PORT.flowExports),
    title,
  }),
  NewRecords,
  z.object({
    kind: z.literal('packet-server'),
    host: LISTENING_HOST,
    port: port.default(USUAL_PORT.pcapOverIp),
    title,
  }),
  z.object({ kind: z.literal('packet-client'), host: HOST, port: port.default(USUAL_PORT.pcapOverIp), title }),
  z.object({
    kind: z.literal('rpcap'),
    host: HOST,
    port: port.default(USUAL_PORT.rpcap),
    interface: z
      .string()
      .regex(/^[ -~]{1,255}$/)
      .meta({ description: 'As the other machine calls it' }),
    user: z
      .string()
      .regex(/^[ -~]{1,255}$/)
      .optional(),
    password: z.string().min(1).max(255).optional().meta({ description: 'Kept encrypted, never shown again' }),
    title,
  }),
  z.object({
    kind: z.literal('ssh'),
    host: HOST,
    port: port.default(USUAL_PORT.ssh),
    user: ACCOUNT,
    interface: INTERFACE,
    usesSudo: z.boolean().default(false).meta({ description: 'tcpdump is called through sudo there' }),
    privateKey: z
      .string()
      .startsWith('-----BEGIN ')
      .max(MAXIMUM_SECRET_LENGTH)
      .meta({ description: 'OpenSSH or PEM private key without a passphrase; kept encrypted, never shown again' }),
    hostKey: z
      .string()
      .regex(/^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [ -~]*)?$/)
      .optional()
      .meta({
        description: 'Public key of the other machine; absent: the one that it shows first is believed from then on',
      }),
    title,
  }),
]);
export type NewSource = z.infer<typeof NewSource>;

/** A source that has not run yet. Its id follows from what it reads, so that adding it twice gives one source. */
export function createSource(
  fields: Pick<Source, 'kind' | 'title' | 'isSample'> & SourcePlace & { identity: string },
): Source {
  const { identity, ...rest } = fields;
  return {
    id: deterministicId('src', fields.kind, identity),
    ...rest,
    state: 'idle',
    packets: 0,
    bytes: 0,
    lost: 0,
    unreadable: 0,
    fraction: isLive(fields.kind) ? null : 0,
    message: '',
    startedAt: null,
    endedAt: null,
  };
}

/** Whether a source of this kind goes on until it is stopped. */
export function isLive(kind: SourceKind): boolean {
  return kind !== 'file' && kind !== 'sample';
}
