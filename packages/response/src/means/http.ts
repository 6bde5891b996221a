import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { type ActuatorContext, ActuatorError } from '../contract/actuator.ts';

const LIMIT_MS = 20_000;
const MAXIMUM_ANSWER_BYTES = 8 * 1024 * 1024;

/** A program that is spoken to by HTTP. */
export const HttpTarget = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => url.startsWith('https:') || isOfThisMachine(url),
      'Must begin with https:// (http:// only to this machine)',
    )
    .describe('Address of its interface, `https://…`'),
  authority: z.string().optional().describe('Certificate of its authority in PEM; without it those of the system'),
});
export type HttpTarget = z.infer<typeof HttpTarget>;

function isOfThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

export interface HttpOrder {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, whose parts were encoded by `pathOf`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Names and values within a path: each is one part of it, whatever it holds. */
export function pathOf(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((path, part, index) => {
    const value = values[index];
    return path + part + (value === undefined ? '' : encodeURIComponent(value));
  }, '');
}

/**
 * Sends a request and reads the answer, whatever its status.
 *
 * @throws ActuatorError when nobody answers, or somebody who does not prove who he is
 */
export function askHttp({ url, authority }: HttpTarget, order: HttpOrder): Promise<HttpAnswer> {
  const { method, path, headers = {}, body, signal } = order;
  const base = new URL(url);
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const options = {
    method,
    host: base.hostname.replace(/^\[|\]$/g, ''),
    port: base.port === '' ? undefined : Number(base.port),
    path: `${base.pathname.replace(/\/$/, '')}${path}`,
    headers: {
      accept: 'application/json',
      ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
      ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    ...(authority === undefined ? {} : { ca: authority }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(explain(base.host, signal, error));
    const sent = (base.protocol === 'https:' ? httpsRequest : httpRequest)(options, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAXIMUM_ANSWER_BYTES) answer.destroy(new Error('the answer is too long'));
        else parts.push(part);
      });
      answer.on('error', fail);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    sent.on('error', fail);
    sent.end(payload);
  });
}

function explain(host: string, signal: AbortSignal, error: Error): ActuatorError {
  const { message, code = '' } = error as NodeJS.ErrnoException;
  if (signal.aborted)
    return new ActuatorError(`Talking to ${host} was stopped before it had ended.`, { isTemporary: true });
  if (/CERT|SELF_SIGNED|ALTNAME|SIGNATURE/i.test(code))
    return new ActuatorError(
      `${host} is not proved by its certificate (${message}). Enter the certificate of its authority.`,
    );
  return new ActuatorError(`${host} can't be reached: ${message}`, { isTemporary: true, cause: error });
}

/** @throws ActuatorError unless the answer has one of the statuses */
export function expectStatus(host: string, { status, text }: HttpAnswer, ...wanted: readonly number[]): void {
  if (wanted.includes(status)) return;
  if (status === 401 || status === 403)
    throw new ActuatorError(`${host} does not let SPHINX do this (${status}). Check the key and its rights.`);
  const isTemporary = status === 429 || status >= 500;
  throw new ActuatorError(`${host} answered ${status}: ${text.slice(0, 300)}`, { isTemporary });
}

/** @throws ActuatorError for text that is no JSON of this form */
export function readJson<T>(host: string, { text }: HttpAnswer, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ActuatorError(`${host} answered something that is no JSON. Is the address that of its interface?`);
  }
  const read = schema.safeParse(value);
  if (!read.success)
    throw new ActuatorError(`${host} answered in another form than is documented: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** @returns value of a secret as text. @throws ActuatorError where there is none */
export async function secretText(secrets: ActuatorContext['secrets'], name: string): Promise<string> {
  const value = await secrets.get(name);
  if (value === undefined) throw new ActuatorError(`There is no secret "${name}". Store the value under this name.`);
  return Buffer.from(value).toString('utf8');
}
