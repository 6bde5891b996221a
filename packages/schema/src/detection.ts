import { z } from 'zod';
import { IpAddress, PacketReference, Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Severity } from './verification.ts';

/** One end of what was detected. */
const DetectionEnd = z.object({ ip: IpAddress, port: z.int().min(0).max(65_535) });

/** A rule matched traffic: what, between whom, when. No byte of the traffic is in it. */
export const Detection = z
  .object({
    id: Identifier,
    rule: z.object({
      gid: z.int(),
      sid: z.int(),
      revision: z.int(),
      title: z.string(),
      /** Set that it is from. */
      set: z.string(),
      class: z.string(),
      category: z.string(),
      references: z.array(z.string()),
      /** Techniques of MITRE ATT&CK that the rule names, for example `T1190`. */
      techniques: z.array(z.string()),
    }),
    severity: Severity,
    source: DetectionEnd.meta({ description: 'Who sent what matched' }),
    destination: DetectionEnd,
    /** Which end the rule calls the victim, where it does. */
    target: z.enum(['source', 'destination']).nullable(),
    transport: z.string(),
    protocol: z.string().nullable(),
    time: Timestamp,
    packet: PacketReference,
    /** File whose content matched, where one did. */
    file: z.object({ id: Identifier, sha256: z.string() }).optional(),
    /** Where a model and no rule has found it: how sure it is, and what made the flow look so, in words. */
    model: z
      .object({
        name: z.string(),
        probability: z.number().min(0).max(1),
        reasons: z.array(z.string()).max(10),
        /** What the model was asked about: the features of the flow by name. Counts and names of services, no content. */
        features: z.record(z.string().max(64), z.union([z.number(), z.string().max(64)])).optional(),
      })
      .optional(),
    isSample: z.boolean(),
  })
  .meta({ id: 'Detection' });
export type Detection = z.infer<typeof Detection>;
