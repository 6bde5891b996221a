import { z } from 'zod';

/**
 * Actions that SPHINX carries out: those of OpenC2 (OASIS, Open Command and Control Language Specification 1.0, §3.3.1.1)
 * that its playbooks use.
 */
export const OpenC2Action = z
  .enum([
    'scan',
    'query',
    'contain',
    'allow',
    'deny',
    'stop',
    'start',
    'restart',
    'set',
    'update',
    'redirect',
    'create',
    'delete',
    'copy',
    'restore',
    'locate',
    'investigate',
    'remediate',
  ])
  .meta({ id: 'OpenC2Action' });
export type OpenC2Action = z.infer<typeof OpenC2Action>;

const IPV4_NET = z.union([z.ipv4(), z.cidrv4()]);
const IPV6_NET = z.union([z.ipv6(), z.cidrv6()]);
const Port = z.int().min(0).max(65_535);
const Name = z.string().min(1).max(255);

/** Targets (OpenC2 §3.4.1) and the extensions of SPHINX, which have its prefix as §3.1.4 asks. */
const TARGETS = {
  device: z.strictObject({ device_id: Name, hostname: Name.optional() }),
  ipv4_net: IPV4_NET,
  ipv6_net: IPV6_NET,
  ipv4_connection: z.strictObject({
    src_addr: IPV4_NET.optional(),
    dst_addr: IPV4_NET.optional(),
    protocol: z.enum(['icmp', 'tcp', 'udp', 'sctp']).optional(),
    src_port: Port.optional(),
    dst_port: Port.optional(),
  }),
  mac_addr: z.string().regex(/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i, 'Must be a MAC address such as 00:09:fb:01:02:03'),
  domain_name: Name,
  file: z.strictObject({
    name: Name.optional(),
    path: z.string().max(4096).optional(),
    hashes: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/i) }).optional(),
  }),
  process: z.strictObject({ name: Name.optional(), pid: z.int().min(1).optional() }),
  'x-sphinx:account': z.strictObject({ name: Name, enabled: z.boolean().optional() }),
  'x-sphinx:sessions': z.strictObject({ account: Name }),
  'x-sphinx:rate-limit': z.strictObject({ service: Name, per_second: z.int().min(1).optional() }),
  'x-sphinx:verdict': z.strictObject({ device: Name }),
  'x-sphinx:service': z.strictObject({ name: Name, host: Name.optional() }),
  'x-sphinx:message': z.strictObject({ title: z.string().min(1).max(300), text: z.string().max(10_000) }),
} as const;

export type OpenC2TargetType = keyof typeof TARGETS;
export const OPENC2_TARGET_TYPES = Object.keys(TARGETS) as readonly OpenC2TargetType[];

/** Exactly one target, named by its type (OpenC2 §3.3.1.2). */
export type OpenC2Target = { readonly [T in OpenC2TargetType]?: z.infer<(typeof TARGETS)[T]> };
export const OpenC2Target = z
  .strictObject(Object.fromEntries(Object.entries(TARGETS).map(([type, schema]) => [type, schema.optional()])))
  .refine((target) => Object.keys(target).length === 1, { message: 'Must have exactly one target (OpenC2 §3.3.1.2)' })
  .meta({ id: 'OpenC2Target' }) as unknown as z.ZodType<OpenC2Target>;

/** What SPHINX adds to the arguments. */
export const SphinxArguments = z
  .strictObject({
    /** Micro-quarantine: the flows that care needs stay, everything else is cut. */
    keep: z.enum(['clinical-flows']).optional(),
    record: z.enum(['packets']).optional(),
    minutes: z.int().min(1).max(10_080).optional(),
    kind: z.enum(['snapshot', 'backup', 'evidence']).optional(),
    policy: z.enum(['passive-first']).optional(),
  })
  .meta({ id: 'SphinxArguments' });

/** OpenC2 §3.3.1.4, with the profile for stateless packet filtering (SLPF 1.0 §2.1.3) and SPHINX's own. */
export const OpenC2Arguments = z
  .strictObject({
    /** Milliseconds since 1970-01-01 UTC. */
    start_time: z.int().optional(),
    stop_time: z.int().optional(),
    /** Milliseconds. */
    duration: z.int().min(1).optional(),
    response_requested: z.enum(['none', 'ack', 'status', 'complete']).optional(),
    slpf: z
      .strictObject({
        direction: z.enum(['both', 'ingress', 'egress']).optional(),
        drop_process: z.enum(['none', 'reject', 'false_ack']).optional(),
      })
      .optional(),
    'x-sphinx': SphinxArguments.optional(),
  })
  .meta({ id: 'OpenC2Arguments' });
export type OpenC2Arguments = z.infer<typeof OpenC2Arguments>;

/** A command of OpenC2 (§3.3.1). */
export const OpenC2Command = z
  .strictObject({
    action: OpenC2Action,
    target: OpenC2Target,
    args: OpenC2Arguments.optional(),
    command_id: z.string().min(1).max(36).optional(),
  })
  .meta({ id: 'OpenC2Command' });
export interface OpenC2Command {
  readonly action: OpenC2Action;
  readonly target: OpenC2Target;
  readonly args?: OpenC2Arguments | undefined;
  readonly command_id?: string | undefined;
}

/**
 * Which target a command has.
 *
 * @param command - a command that was read by `OpenC2Command`
 */
export function targetTypeOf(command: OpenC2Command): OpenC2TargetType {
  return Object.keys(command.target)[0] as OpenC2TargetType;
}
