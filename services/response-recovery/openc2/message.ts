import { OpenC2Command } from '@sphinx/response';
import { z } from 'zod';

/** Media type of OpenC2 in JSON (Transfer of OpenC2 Messages via HTTPS 1.0, §3.2). */
export const OPENC2_JSON = 'application/openc2+json;version=1.0';

/** A command by itself (version 1.0), or in an envelope with headers (1.1, §3.3.2). */
const Envelope = z.looseObject({
  headers: z.looseObject({ request_id: z.string().max(200).optional() }).optional(),
  body: z.object({ openc2: z.object({ request: z.unknown() }) }),
});
/** OpenC2 §3.4.1.5: what a consumer can do. */
const Features = z.strictObject({
  action: z.literal('query'),
  target: z.strictObject({ features: z.array(z.enum(['versions', 'profiles', 'pairs', 'rate_limit'])).max(10) }),
  args: z.looseObject({}).optional(),
  command_id: z.string().max(36).optional(),
});

export type ReadMessage =
  | {
      readonly kind: 'command';
      readonly command: OpenC2Command;
      readonly isEnveloped: boolean;
      readonly requestId: string | undefined;
    }
  | {
      readonly kind: 'features';
      readonly features: readonly string[];
      readonly isEnveloped: boolean;
      readonly requestId: string | undefined;
    }
  | {
      readonly kind: 'problem';
      readonly problem: string;
      readonly isEnveloped: boolean;
      readonly requestId: string | undefined;
    };

/** Reads what a producer sent. Never throws. */
export function readMessage(value: unknown): ReadMessage {
  const envelope = Envelope.safeParse(value).data;
  const isEnveloped = envelope !== undefined;
  const common = { isEnveloped, requestId: envelope?.headers?.request_id };
  const inner = isEnveloped ? envelope.body.openc2.request : value;
  const features = Features.safeParse(inner);
  if (features.success) return { ...common, kind: 'features', features: features.data.target.features };
  const command = OpenC2Command.safeParse(inner);
  if (command.success) return { ...common, kind: 'command', command: command.data };
  const problem = command.error.issues
    .map(({ path, message }) => `${path.join('.') || 'command'}: ${message}`)
    .join('; ');
  return { ...common, kind: 'problem', problem };
}

/** A response of OpenC2 (§3.3.2). */
export interface OpenC2Response {
  readonly status: number;
  readonly status_text?: string;
  readonly results?: Readonly<Record<string, unknown>>;
}

/** @returns the answer in the form in which was asked. Status 102 is of OpenC2 alone: over HTTP that is an answer, too */
export function openC2Answer(
  response: OpenC2Response,
  { isEnveloped, requestId }: Pick<ReadMessage, 'isEnveloped' | 'requestId'>,
  { now, header }: { readonly now: number; readonly header: string | null },
): Response {
  const id = requestId ?? header ?? undefined;
  const body = isEnveloped
    ? {
        headers: { ...(id === undefined ? {} : { request_id: id }), created: now, from: 'sphinx' },
        body: { openc2: { response } },
      }
    : response;
  return new Response(JSON.stringify(body), {
    status: response.status === 102 ? 200 : response.status,
    headers: { 'content-type': OPENC2_JSON, ...(id === undefined ? {} : { 'x-request-id': id }) },
  });
}
