import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { AuditEntry, AuditOutcome, type AuditTrail, AuditVerification } from './audit-trail.ts';

/** The audit trail, to read and to verify. Nothing can be changed. */
export function auditRoutes(audit: AuditTrail): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/audit',
      operationId: 'listAuditEntries',
      summary: 'Every change that was made or refused, newest first',
      tag: 'audit',
      permission: 'audit:read',
      query: z.object({
        cursor: z.string().regex(/^\d+$/).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        search: z.string().max(200).optional().meta({ description: 'Part of actor, action or subject' }),
        outcome: AuditOutcome.optional(),
      }),
      response: z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() }),
      handler: async ({ query }) => {
        const items = await audit.list({
          limit: query.limit,
          ...(query.cursor === undefined ? {} : { before: Number(query.cursor) }),
          ...(query.search === undefined ? {} : { search: query.search }),
          ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
        });
        const last = items.at(-1);
        return { items, nextCursor: last === undefined || items.length < query.limit ? null : String(last.sequence) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/audit/verification',
      operationId: 'verifyAuditTrail',
      summary: 'Computes the hash chain again and says whether anything was altered',
      tag: 'audit',
      permission: 'audit:read',
      response: AuditVerification,
      handler: () => audit.verify(),
    }),
  ];
}
