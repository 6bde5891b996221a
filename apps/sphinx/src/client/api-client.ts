import { createReadStream, createWriteStream } from 'node:fs';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { SphinxError } from '@sphinx/platform/errors';
import type { LocalEndpoint } from '../runtime/local-endpoint.ts';

/** The API as the command line uses it: of the running program over HTTPS, or of one started in this process. */
export interface ApiClient {
  /**
   * @param body sent as JSON; bytes go as they are
   * @throws ApiProblem when the API refuses
   */
  send<Answer>(method: string, path: string, body?: object): Promise<Answer>;
  /**
   * @returns an answer that is no JSON, byte by byte
   * @throws ApiProblem when the API refuses
   */
  download(path: string): Promise<Uint8Array>;
  /**
   * Sends a file of any size.
   *
   * @throws ApiProblem when the API refuses
   */
  upload<Answer>(path: string, file: string): Promise<Answer>;
  /**
   * Writes an answer of any size to a new file, readable for this account only.
   *
   * @param body sent as JSON with POST; without, the file is asked for with GET
   * @throws ApiProblem when the API refuses
   */
  downloadTo(path: string, file: string, body?: object): Promise<void>;
  close(): Promise<void>;
}

/** What the API answers when it refuses (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: { code?: string; title?: string; detail?: string }) {
    super(problem.detail ?? problem.title ?? `The API answered with status ${status}.`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = problem.code ?? 'SPX_UNAVAILABLE';
  }
}

/** An answer as it came. */
interface RawAnswer {
  readonly status: number;
  readonly content: Buffer;
}

/** Talks to the running program. Its certificate is pinned, so that nothing else on that port is believed. */
export function createHttpsClient(endpoint: LocalEndpoint): ApiClient {
  return clientOf(
    (method, path, body) => askOverHttps(endpoint, method, path, body),
    async () => {},
  );
}

/** The answer as it comes. */
interface StreamedAnswer {
  readonly status: number;
  readonly body: Readable;
}

function askOverHttps(
  endpoint: LocalEndpoint,
  method: string,
  path: string,
  body: object | undefined,
): Promise<StreamedAnswer> {
  return new Promise((resolve, reject) => {
    const { payload, headers } = contentOf(body);
    const options = {
      method,
      ca: endpoint.certificate,
      checkServerIdentity: () => undefined,
      headers: { authorization: `Bearer ${endpoint.token}`, ...headers },
    };
    const call = request(`${endpoint.url}/api/v1${path}`, options, (response) =>
      resolve({ status: response.statusCode ?? 0, body: response }),
    );
    const fail = (cause: unknown) =>
      reject(new SphinxError('SPX_UNAVAILABLE', `SPHINX does not answer on ${endpoint.url}.`, { cause }));
    call.on('error', fail);
    if (payload instanceof Readable) payload.on('error', reject).pipe(call);
    else call.end(payload);
  });
}

/**
 * Calls the API without a network.
 *
 * @param fetchApi the application's own fetch
 * @param token bearer token of the caller
 */
export function createInProcessClient(
  fetchApi: (request: Request) => Response | Promise<Response>,
  token: string,
  close: () => Promise<void>,
): ApiClient {
  const ask = async (method: string, path: string, body?: object): Promise<StreamedAnswer> => {
    const { payload, headers } = contentOf(body);
    const streamed = payload instanceof Readable ? (Readable.toWeb(payload) as ReadableStream) : payload;
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(streamed === undefined ? {} : { body: streamed }),
      ...(payload instanceof Readable ? { duplex: 'half' } : {}),
    };
    const response = await fetchApi(new Request(`https://localhost/api/v1${path}`, init));
    const content = response.body as Parameters<typeof Readable.fromWeb>[0] | null;
    return { status: response.status, body: content === null ? Readable.from([]) : Readable.fromWeb(content) };
  };
  return clientOf(ask, close);
}

function clientOf(
  ask: (method: string, path: string, body?: object) => Promise<StreamedAnswer>,
  close: () => Promise<void>,
): ApiClient {
  const whole = async ({ status, body }: StreamedAnswer): Promise<RawAnswer> => ({
    status,
    content: await buffer(body),
  });
  return {
    send: async (method, path, body) => readAnswer(await whole(await ask(method, path, body))),
    download: async (path) => {
      const answer = await whole(await ask('GET', path));
      return isGood(answer) ? answer.content : readAnswer(answer);
    },
    upload: async (path, file) => readAnswer(await whole(await ask('POST', path, createReadStream(file)))),
    downloadTo: async (path, file, body) => {
      const answer = await ask(body === undefined ? 'GET' : 'POST', path, body);
      if (!isGood(answer)) return readAnswer(await whole(answer));
      await pipeline(answer.body, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    },
    close,
  };
}

const isGood = ({ status }: { readonly status: number }) => status >= 200 && status < 300;

function contentOf(body: object | undefined): {
  readonly payload: string | Uint8Array<ArrayBuffer> | Readable | undefined;
  readonly headers: Record<string, string>;
} {
  if (body === undefined) return { payload: undefined, headers: {} };
  if (body instanceof Readable) return { payload: body, headers: { 'content-type': 'application/octet-stream' } };
  if (body instanceof Uint8Array)
    return { payload: new Uint8Array(body), headers: { 'content-type': 'application/octet-stream' } };
  return { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function readAnswer<Answer>(answer: RawAnswer): Answer {
  const text = answer.content.toString('utf8');
  const isJson = text.startsWith('{') || text.startsWith('[');
  const body: unknown = isJson ? JSON.parse(text) : undefined;
  if (isGood(answer)) return body as Answer;
  throw new ApiProblem(answer.status, (body ?? {}) as { code?: string; title?: string; detail?: string });
}
