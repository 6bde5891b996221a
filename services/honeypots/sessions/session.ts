import { IpAddress, Severity, Timestamp } from '@sphinx/schema';
import { z } from 'zod';
import { SessionEvent } from './session-event.ts';

/** Who was there, as far as what was done tells. */
export const VisitorKind = z
  .enum(['scanner', 'brute-force', 'human', 'malware', 'unknown'])
  .meta({ id: 'DecoyVisitorKind' });
export type VisitorKind = z.infer<typeof VisitorKind>;

export const Sample = z
  .object({
    sha256: z.string(),
    name: z.string().meta({ description: 'As the stranger called it' }),
    bytes: z.int(),
    kind: z.string().meta({ description: 'What its first bytes say it is' }),
    rules: z.array(z.object({ rule: z.string(), title: z.string(), severity: Severity })).meta({
      description: 'YARA rules that match it',
    }),
  })
  .meta({ id: 'DecoySample' });
export type Sample = z.infer<typeof Sample>;

/** One visit to a decoy. */
export const Session = z
  .object({
    id: z.string(),
    decoy: z.string(),
    decoyName: z.string(),
    protocol: z.string(),
    address: z.string(),
    port: z.int(),
    remoteAddress: IpAddress,
    remotePort: z.int(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable().meta({ description: 'Null while it goes on' }),
    bytesIn: z.int(),
    bytesOut: z.int(),
    visitor: VisitorKind,
    reasons: z.array(z.string()).meta({ description: 'Why the visitor is thought to be that' }),
    severity: Severity,
    techniques: z.array(z.string()).meta({ description: 'Of MITRE ATT&CK' }),
    tools: z.array(z.string()).meta({ description: 'Software that it says it uses' }),
    logOns: z.int(),
    commands: z.int(),
    tokens: z.array(z.string()).meta({ description: 'Planted values that it used' }),
    urls: z.array(z.string()).meta({ description: 'What it told the decoy to fetch; nothing was' }),
    samples: z.array(Sample),
    hasReplay: z.boolean(),
    events: z.array(SessionEvent),
  })
  .meta({ id: 'DecoySession' });
export type Session = z.infer<typeof Session>;
