import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SequencePageQuery } from '@sphinx/platform';
import { MediaUse, Medium } from '@sphinx/schema';
import { z } from 'zod';
import type { MediaStore } from './media-store.ts';

const TAG = 'data protection';
const PERMISSION = 'data-transfers:read';
const MediumItem = z
  .object({
    id: z.string().meta({ description: 'Of the medium on this device' }),
    host: z.string(),
    medium: Medium,
    users: z.array(z.string()).meta({ description: 'Accounts that used it, as far as told' }),
    attached: z.int().meta({ description: 'How often it was put in' }),
    blocked: z.int().meta({ description: 'How often a policy kept it out' }),
    filesWritten: z.int(),
    bytesWritten: z.int().meta({ description: 'As far as told; most logs tell no sizes' }),
    filesRead: z.int(),
    programsRun: z.int(),
    patients: z.int().meta({ description: 'Patients that audit trails name in exports to it, with repeats' }),
    fileKinds: z.record(z.string(), z.int()).meta({ description: 'Of files that were written' }),
    otherDevices: z.int().meta({ description: 'Other devices that a medium of this serial number was seen on' }),
    firstSeen: z.number(),
    lastSeen: z.number(),
  })
  .meta({ id: 'RemovableMedium' });

/** Removable media as logs tell of them. */
export function mediaRoutes(store: MediaStore): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/removable-media',
      operationId: 'listRemovableMedia',
      summary: 'USB sticks, discs, cards and phones by device, as logs tell of them, those used last first',
      tag: TAG,
      permission: PERMISSION,
      query: ListQuery.extend({
        host: z.string().max(255).optional().meta({ description: 'Of one device, as its log calls it' }),
        isWritten: z.stringbool().optional().meta({ description: 'Only those that something was written to' }),
      }),
      response: pageSchema(MediumItem),
      handler: async ({ query }) => {
        const media = await store.media(query);
        const items = media.map((each) => ({ ...each, users: [...each.users] }));
        return pageOfList(items, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/removable-media/uses',
      operationId: 'listMediaUses',
      summary: 'What was done with removable media, newest first; no name of a file is kept',
      tag: TAG,
      permission: PERMISSION,
      query: SequencePageQuery.extend({
        medium: z.string().max(200).optional().meta({ description: 'Id of a medium on a device' }),
      }),
      response: pageSchema(MediaUse),
      handler: ({ query: { cursor, ...query } }) => store.uses({ ...query, before: cursor }),
    }),
  ];
}
