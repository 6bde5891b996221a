import { defineRoute, ListQuery, type Principal, pageOfList, pageSchema, type Route } from '@sphinx/platform';
import { z } from 'zod';
import { type RouteParts, TAG } from './routes.ts';
import { documentText, Honeytoken, TokenKind } from './tokens/token.ts';

const TokenId = z.object({ id: z.string().max(100).meta({ description: 'Id of the honeytoken' }) });
const NewToken = z
  .object({
    kind: TokenKind,
    label: z.string().trim().min(1).max(200).meta({ description: 'Where it is planted' }),
    domain: z
      .string()
      .regex(/^[a-z0-9.-]{1,200}$/i)
      .optional()
      .meta({ description: 'Domain of a name' }),
    address: z
      .string()
      .regex(/^[\w.:[\]-]{1,200}$/)
      .optional()
      .meta({ description: 'Address of a decoy with a web page, which a document calls' }),
  })
  .strict();

/** Values that are planted to be found. */
export function tokenRoutes({ tokens, refreshDecoys, changed }: RouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/honeytokens',
      operationId: 'listHoneytokens',
      summary: 'Planted values with where they were planted and whether they were used, newest first',
      tag: TAG,
      permission: 'decoys:read',
      query: ListQuery,
      response: pageSchema(Honeytoken),
      handler: async ({ query, principal }) => {
        const items = tokens.list().map((token) => (maySeeValues(principal) ? token : { ...token, values: {} }));
        return pageOfList(items, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/honeytokens',
      operationId: 'createHoneytoken',
      summary: 'Makes a value to be planted: an account, a patient, an examination, a document, a name',
      tag: TAG,
      permission: 'decoys:write',
      body: NewToken,
      response: Honeytoken,
      status: 201,
      audit: { action: 'honeytoken.create', subject: ({ body }) => `${body.kind}: ${body.label}` },
      handler: async ({ body, principal }) => {
        const token = await tokens.create(body, principal.name);
        // Decoys have planted patients, so that they are found where one would look for them.
        if (token.kind === 'patient' || token.kind === 'dicom-study') await refreshDecoys();
        changed();
        return token;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/honeytokens/{id}',
      operationId: 'revokeHoneytoken',
      summary: 'Lets a planted value raise no alarm any more',
      tag: TAG,
      permission: 'decoys:write',
      params: TokenId,
      response: Honeytoken,
      audit: { action: 'honeytoken.revoke', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        const token = await tokens.revoke(params.id);
        changed();
        return token;
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/honeytokens/{id}/document',
      operationId: 'getHoneytokenDocument',
      summary: 'The document of a planted document, to be put where nobody should look',
      tag: TAG,
      permission: 'decoys:write',
      params: TokenId,
      response: { raw: 'application/octet-stream' },
      handler: async ({ params }) =>
        new Response(documentText(tokens.get(params.id)), {
          headers: {
            'content-type': 'application/octet-stream',
            'content-disposition': 'attachment; filename="access-codes.doc"',
          },
        }),
    }),
  ];
}

function maySeeValues({ kind, permissions }: Principal): boolean {
  return kind === 'system' || permissions.has('decoys:write');
}
