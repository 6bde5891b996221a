import { z } from 'zod';
import { HostEvidence, PacketReference, Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/** How a value came to be believed: by a profile, by a person, or straight from the wire. */
export const FactOrigin = z
  .object({
    kind: z.enum(['profile', 'observed', 'manual', 'imported']),
    reference: z.string().meta({ description: 'Profile id, attribute name, user id or import file' }),
    version: z.string().optional(),
  })
  .meta({ id: 'FactOrigin' });

/** A believed value with what supports it. Unknown values are absent, never guessed. */
export const AssetFact = z
  .object({
    value: z.string(),
    confidence: z.number().min(0).max(1),
    origin: FactOrigin,
    evidence: z.array(z.object({ attribute: z.string(), value: z.string(), packet: PacketReference.optional() })),
  })
  .meta({ id: 'AssetFact' });
export type AssetFact = z.infer<typeof AssetFact>;

/** The facts that classification fills; keys of `Asset.facts`. */
export const AssetFactName = z
  .enum([
    'kind', // key of knowledge/asset-kinds, for example "infusion-pump"
    'manufacturer',
    'model',
    'serial',
    'operatingSystem',
    'software',
    'clinicalFunction',
    'patientSafetyClass', // one of PatientSafetyClass
    'zone',
    'owner',
    'location',
    'careArea',
    'downtimeCost', // one of DowntimeCost
  ])
  .meta({ id: 'AssetFactName' });
export type AssetFactName = z.infer<typeof AssetFactName>;

/**
 * What a failure can do to a patient, most severe first. Follows the harm classes of IEC 62304 §4.3
 * (C: death or serious injury, B: injury, A: none) with care-delivery systems set apart.
 */
export const PatientSafetyClass = z
  .enum(['life-sustaining', 'therapy', 'diagnosis', 'care-support', 'none'])
  .meta({ id: 'PatientSafetyClass' });
export type PatientSafetyClass = z.infer<typeof PatientSafetyClass>;

/** What it costs the hospital when the asset stands still, whether it fails or is taken out of service for a repair. */
export const DowntimeCost = z.enum(['low', 'medium', 'high']).meta({ id: 'DowntimeCost' });
export type DowntimeCost = z.infer<typeof DowntimeCost>;

/** Something the asset offers on a port. */
export const AssetService = z
  .object({
    transport: z.enum(['tcp', 'udp']),
    port: z.int().min(0).max(65535),
    protocol: z.string(),
    isEncrypted: z.boolean(),
    evidence: z.array(HostEvidence),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
  })
  .meta({ id: 'AssetService' });
export type AssetService = z.infer<typeof AssetService>;

/** One direction of talk with one peer over one protocol. */
export const AssetPeer = z
  .object({
    assetId: Identifier.optional().meta({
      description: 'Absent for addresses that are no asset, such as the internet',
    }),
    ip: z.string(),
    isExternal: z.boolean().meta({ description: 'Address outside the ranges that the hospital calls its own' }),
    direction: z.enum(['outgoing', 'incoming']).meta({ description: 'Outgoing: this asset opened the conversation' }),
    transport: z.string(),
    port: z.int(),
    protocol: z.string(),
    isEncrypted: z.boolean(),
    isAnswered: z.boolean(),
    isPartial: z.boolean().optional().meta({
      description: 'Answers may have gone unseen (sampling, export of one direction): that there was none says nothing',
    }),
    bytesSent: z.int().nonnegative(),
    bytesReceived: z.int().nonnegative(),
    flows: z.int().nonnegative(),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    packet: PacketReference,
    kind: z.string().optional(),
    zone: z.string().optional(),
  })
  .meta({ id: 'AssetPeer' });
export type AssetPeer = z.infer<typeof AssetPeer>;

/** Two hosts that claim one identity, or one host that claims two. */
export const IdentityConflict = z
  .object({
    kind: z.enum(['duplicate-ip', 'duplicate-name', 'identity-changed', 'duplicate-ae-title', 'duplicate-serial']),
    value: z.string(),
    otherAssetId: Identifier.optional(),
    detail: z.string(),
    time: Timestamp,
    packet: PacketReference.optional(),
  })
  .meta({ id: 'IdentityConflict' });
export type IdentityConflict = z.infer<typeof IdentityConflict>;

/** A device or a service host on the hospital network. */
export const Asset = z
  .object({
    id: Identifier,
    name: z.string().meta({ description: 'What a person calls it: given name, else host name, else address' }),
    macs: z.array(z.string()),
    ips: z.array(z.string()),
    hostnames: z.array(z.string()),
    facts: z.partialRecord(AssetFactName, AssetFact),
    services: z.array(AssetService),
    peers: z.array(AssetPeer),
    evidence: z.array(HostEvidence),
    conflicts: z.array(IdentityConflict),
    sources: z.array(z.string()),
    isSample: z.boolean(),
    isPinned: z.boolean(),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    revision: z.int().nonnegative().meta({ description: 'Counts material changes' }),
  })
  .meta({ id: 'Asset' });
export type Asset = z.infer<typeof Asset>;
