import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/** What was done with a removable medium. */
export const MediaAction = z
  .enum(['attached', 'mounted', 'removed', 'blocked', 'written', 'read', 'deleted', 'run', 'exported'])
  .meta({
    id: 'MediaAction',
    description:
      'What was done with a removable medium; `exported` is what an audit trail says of data that went to one, `run` a program that was started from it',
  });
export type MediaAction = z.infer<typeof MediaAction>;

/** What a removable medium is. */
export const MediumKind = z.enum(['usb-storage', 'phone', 'disc', 'memory-card', 'other']).meta({ id: 'MediumKind' });
export type MediumKind = z.infer<typeof MediumKind>;

/** A removable medium, as far as a log tells which. Its label is left out: discs for patients bear their names. */
export const Medium = z
  .object({
    kind: MediumKind,
    maker: z.string().max(100),
    product: z.string().max(100),
    serial: z.string().max(100).meta({ description: 'Empty where the medium has none or the log does not tell' }),
  })
  .meta({ id: 'Medium' });
export type Medium = z.infer<typeof Medium>;

/** What somebody did with a removable medium on one device within some seconds, in numbers. No name of a file is kept. */
export const MediaUse = z
  .object({
    id: Identifier,
    host: z.string().min(1).max(255).meta({ description: 'Device, as its log calls it' }),
    hostIp: z.string().max(64).meta({ description: 'Address that the log came from; empty where it came from a file' }),
    user: z.string().max(255).meta({ description: 'Account; empty where the log does not tell' }),
    action: MediaAction,
    medium: Medium,
    drive: z.string().max(2).meta({ description: 'Letter of the drive, for example `E:`; empty where none is told' }),
    files: z.int().min(0).meta({ description: 'Different files' }),
    fileKinds: z
      .record(z.string().max(40), z.int().positive())
      .meta({ description: 'How many of the files are of which kind, by the ends of their names' }),
    bytes: z.int().min(0).meta({ description: 'As far as told' }),
    patients: z
      .int()
      .min(0)
      .meta({ description: 'Patients that an audit trail names in it; who they are is not kept' }),
    events: z.int().min(1),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    told: z.array(z.string().max(100)).max(50).meta({ description: 'What told of it, as `knowledge/removable-media`' }),
    logId: z.string().max(100).meta({ description: 'The first event, in the logs' }),
  })
  .meta({ id: 'MediaUse' });
export type MediaUse = z.infer<typeof MediaUse>;
