import { z } from 'zod';
import { cutPage, pageSchema, SequencePageQuery } from '../http/page.ts';
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
      query: SequencePageQuery.extend({
        search: z.string().max(200).optional().meta({ description: 'Part of actor, action or subject' }),
        outcome: AuditOutcome.optional(),
      }),
      response: pageSchema(AuditEntry),
      handler: async ({ query }) => {
        const entries = await audit.list({
          limit: query.limit + 1,
          ...(query.cursor === undefined ? {} : { before: query.cursor }),
          ...(query.search === undefined ? {} : { search: query.search }),
          ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
        });
        return cutPage(entries, query.limit, ({ sequence }) => String(sequence));
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
