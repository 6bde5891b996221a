import { LogKind, MappedColumn } from '@sphinx/logs';
import { defineRoute, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { FormatDesk } from '../formats/format-desk.ts';

const FieldName = z.string().regex(/^[\p{L}\p{N}_.@-]{1,64}$/u, 'Letters, digits, and _ . @ - only.');

const Change = z.object({
  name: z.string().min(1).max(1000).meta({ description: 'As it was proposed' }),
  rename: FieldName.optional(),
  column: z
    .union([MappedColumn, z.literal('')])
    .optional()
    .meta({ description: 'Column that it fills; empty for none' }),
  isDropped: z.boolean().optional(),
  isPatient: z.boolean().optional().meta({ description: 'Whether it may name a patient: shown masked' }),
});
const Proposal = z
  .object({
    definition: z.string().meta({ description: 'YAML for `POST /log-formats`' }),
    id: z.string(),
    title: z.string(),
    kind: LogKind,
    reads: z.string(),
    header: z.enum(['rfc5424', 'rfc3164', 'none']).meta({ description: 'Header of syslog before the message' }),
    canRename: z.boolean().meta({ description: 'Whether fields may have other names' }),
    fields: z.array(
      z.object({
        name: z.string(),
        fieldName: z.string().meta({ description: 'In the format; empty where it is left out' }),
        kind: z.string().meta({ description: 'What it is by how it is written' }),
        column: z.string(),
        isPatient: z.boolean(),
        examples: z.array(z.string()),
      }),
    ),
    lines: z.array(
      z.object({
        line: z.string(),
        isRead: z.boolean(),
        format: z.string().meta({ description: 'That would read it; empty for none' }),
        knownFormat: z.string().meta({ description: 'That reads it now; empty for none' }),
        values: z.array(z.object({ name: z.string(), value: z.string(), start: z.int(), end: z.int() })),
        columns: z.record(z.string(), z.union([z.string(), z.number()])),
        timeMs: z.number().nullable(),
      }),
    ),
    takesFrom: z.array(z.string()).meta({ description: 'Formats whose own lines it would take' }),
  })
  .meta({ id: 'LogFormatProposal' });

/** A format for lines that nothing reads yet. */
export function proposalRoute(desk: FormatDesk): Route {
  return defineRoute({
    method: 'POST',
    path: '/log-formats/propose',
    operationId: 'proposeLogFormat',
    summary: 'Proposes a format for sample lines, and shows what they would give; stores nothing',
    tag: 'logs',
    permission: 'logs:write',
    body: z.object({
      lines: z.string().min(1).max(500_000).meta({ description: 'Lines of one log; the first 200 are looked at' }),
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'Small letters, digits and - only.')
        .optional(),
      title: z.string().min(1).max(200).optional(),
      kind: LogKind.optional(),
      fields: z.array(Change).max(500).default([]),
    }),
    response: Proposal,
    // Nothing of a line: it may name a patient.
    audit: { action: 'log-format.propose', subject: ({ body }) => body.title ?? body.id ?? 'sample lines' },
    handler: async ({ body }) => desk.propose(body),
  });
}
