import { request } from 'node:https';
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

function askOverHttps(
  endpoint: LocalEndpoint,
  method: string,
  path: string,
  body: object | undefined,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { payload, headers } = contentOf(body);
    const options = {
      method,
      ca: endpoint.certificate,
      checkServerIdentity: () => undefined,
      headers: { authorization: `Bearer ${endpoint.token}`, ...headers },
    };
    const call = request(`${endpoint.url}/api/v1${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, content: Buffer.concat(chunks) }));
    });
    call.on('error', (cause) =>
      reject(new SphinxError('SPX_UNAVAILABLE', `SPHINX does not answer on ${endpoint.url}.`, { cause })),
    );
    call.end(payload);
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
  const ask = async (method: string, path: string, body?: object): Promise<RawAnswer> => {
    const { payload, headers } = contentOf(body);
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(payload === undefined ? {} : { body: payload }),
    };
    const response = await fetchApi(new Request(`https://localhost/api/v1${path}`, init));
    return { status: response.status, content: Buffer.from(await response.arrayBuffer()) };
  };
  return clientOf(ask, close);
}

function clientOf(
  ask: (method: string, path: string, body?: object) => Promise<RawAnswer>,
  close: () => Promise<void>,
): ApiClient {
  return {
    send: async (method, path, body) => readAnswer(await ask(method, path, body)),
    download: async (path) => {
      const answer = await ask('GET', path);
      return isGood(answer) ? answer.content : readAnswer(answer);
    },
    close,
  };
}

const isGood = ({ status }: RawAnswer) => status >= 200 && status < 300;

function contentOf(body: object | undefined): {
  readonly payload: string | Uint8Array<ArrayBuffer> | undefined;
  readonly headers: Record<string, string>;
} {
  if (body === undefined) return { payload: undefined, headers: {} };
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
