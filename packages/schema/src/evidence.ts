import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z (OCSF `timestamp_t`). */
export const Timestamp = z.int().nonnegative().meta({ description: 'Milliseconds since the Unix epoch' });

/** Where in which input something was seen, so that a person can look at the packet itself. */
export const PacketReference = z
  .object({
    source: z.string().meta({ description: 'Id of the traffic source, for example a capture file' }),
    number: z.int().nonnegative().meta({ description: 'Packet number within the source, from 1' }),
    time: Timestamp,
  })
  .meta({ id: 'PacketReference' });
export type PacketReference = z.infer<typeof PacketReference>;

/**
 * One fact that the wire showed about one host, for example `dicom.manufacturer = SIEMENS`.
 * Attribute names are listed in `EVIDENCE_ATTRIBUTES`.
 */
export const HostEvidence = z
  .object({
    attribute: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
    value: z.string().max(1024),
    protocol: z.string().meta({ description: 'Protocol it was read from, for example dicom' }),
    role: z.enum(['self', 'client', 'server']).meta({ description: 'In which role the host showed it' }),
    port: z.int().min(0).max(65535).optional().meta({ description: 'Server port it belongs to, when role is server' }),
    transport: z.enum(['tcp', 'udp']).optional(),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    count: z.int().positive(),
    packet: PacketReference,
  })
  .meta({ id: 'HostEvidence' });
export type HostEvidence = z.infer<typeof HostEvidence>;

export const MacAddress = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
export const IpAddress = z.union([z.ipv4(), z.ipv6()]);

/** What names a host at link and network layer. At least one of `mac` and `ip` is present. */
export const HostAddress = z
  .object({ mac: MacAddress.optional(), ip: IpAddress.optional(), vlan: z.int().min(0).max(4095).optional() })
  .meta({ id: 'HostAddress' });
export type HostAddress = z.infer<typeof HostAddress>;

/** Payload of `host.observed`: new or changed evidence about one host. */
export const HostObservation = z
  .object({ source: z.string(), sample: z.boolean(), host: HostAddress, evidence: z.array(HostEvidence).min(1) })
  .meta({ id: 'HostObservation' });
export type HostObservation = z.infer<typeof HostObservation>;

/** Payload of `conversation.observed`: who talks to whom, with totals since the source started. */
export const Conversation = z
  .object({
    source: z.string(),
    sample: z.boolean(),
    client: HostAddress,
    server: HostAddress,
    transport: z.string().meta({ description: 'tcp, udp, icmp …' }),
    serverPort: z.int().min(0).max(65535),
    protocol: z.string().meta({ description: 'Application protocol found by content, or "unknown"' }),
    isEncrypted: z.boolean(),
    isAnswered: z.boolean().meta({ description: 'False where the server never answered' }),
    isPartial: z.boolean().optional().meta({
      description: 'Answers may have gone unseen (sampling, export of one direction): that there was none says nothing',
    }),
    bytesToServer: z.int().nonnegative(),
    bytesToClient: z.int().nonnegative(),
    packets: z.int().nonnegative(),
    flows: z.int().nonnegative(),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    packet: PacketReference,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
