import { latin1 } from '../bytes/text.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { PgRequest, PgResponse } from './messages.ts';
import type { PostgresqlDetail, PostgresqlQueryRecord, PostgresqlRecord } from './types.ts';

const ACCEPTED = 0;
const SASL_FINAL = 12;
const MAXIMUM_WAITING = 64;
const MAXIMUM_RESPONSES = 256;

interface Exchange {
  readonly number: number;
  readonly request: PgRequest | undefined;
  readonly askedMicros: number | undefined;
  readonly responses: PgResponse[];
  /** The client waits for the answer (`Sync`). */
  isSynchronised: boolean;
  rows: number;
  rowBytes: number;
}

/** Puts requests and their answers together (§55.2): a query is over when the server is ready for the next. */
export class PostgresqlExchanges {
  readonly #context: ParserContext<PostgresqlRecord>;
  readonly #waiting: Exchange[] = [];
  #count = 0;

  constructor(context: ParserContext<PostgresqlRecord>) {
    this.#context = context;
  }

  request(request: PgRequest): void {
    const { kind } = request;
    // Messages of the extended protocol make one request, up to the point where the client waits.
    const latest = this.#waiting.at(-1);
    const isOpen = latest?.request?.kind === 'extended' && !latest.isSynchronised;
    if (isOpen && (kind === 'extended' || kind === 'sync')) {
      latest.isSynchronised = kind === 'sync';
      return;
    }
    if (this.#waiting.length >= MAXIMUM_WAITING) this.#end(this.#waiting.shift(), false);
    const exchange = this.#begin(request);
    this.#waiting.push(exchange);
    if (kind === 'terminate' || kind === 'cancel') this.#end(this.#waiting.pop(), false);
  }

  response(response: PgResponse): void {
    if (this.#waiting.length === 0) this.#waiting.push(this.#begin(undefined));
    const [exchange] = this.#waiting;
    if (exchange === undefined) return;
    if (response.kind === 'row') {
      exchange.rows += 1;
      exchange.rowBytes += response.bytes;
    } else if (response.kind !== 'ready' && exchange.responses.length < MAXIMUM_RESPONSES) {
      exchange.responses.push(response);
    }
    if (isLast(response, exchange)) this.#end(this.#waiting.shift(), true);
  }

  end(): void {
    for (const exchange of this.#waiting.splice(0)) this.#end(exchange, false);
  }

  #begin(request: PgRequest | undefined): Exchange {
    this.#count += 1;
    const askedMicros = this.#context.timeMicros?.();
    return { number: this.#count, request, askedMicros, responses: [], isSynchronised: false, rows: 0, rowBytes: 0 };
  }

  #end(exchange: Exchange | undefined, isAnswered: boolean): void {
    if (exchange === undefined) return;
    const record = recordOf(exchange, isAnswered, this.#context.timeMicros?.());
    if (record !== undefined) this.#context.emit(record, direction(isAnswered));
    if (this.#context.detail === undefined || exchange.request?.kind === 'sync') return;
    const { number, request, responses, rows, rowBytes } = exchange;
    const detail: PostgresqlDetail = { protocol: 'postgresql', number, request, responses, rows, rowBytes };
    this.#context.detail(direction(isAnswered), detail);
  }
}

function direction(isAnswered: boolean): Direction {
  return isAnswered ? 'to-client' : 'to-server';
}

/** Whether nothing more belongs to the request. */
function isLast(response: PgResponse, { request, responses }: Exchange): boolean {
  switch (response.kind) {
    case 'tls':
    case 'ready':
      return true;
    case 'authentication':
      // The server goes on by itself once it is satisfied.
      return response.method !== ACCEPTED && response.method !== SASL_FINAL;
    case 'error':
      // Before the session is open, an error ends it.
      return request?.kind !== 'query' && request?.kind !== 'extended' && !isOpened(responses);
    default:
      return false;
  }
}

function isOpened(responses: readonly PgResponse[]): boolean {
  return responses.some((response) => response.kind === 'authentication' && response.method === ACCEPTED);
}

function recordOf(
  { request, responses, rows, askedMicros }: Exchange,
  isAnswered: boolean,
  nowMicros: number | undefined,
): PostgresqlQueryRecord | undefined {
  if (request?.kind !== 'query' && request?.kind !== 'extended') return undefined;
  const complete = responses.findLast((response) => response.kind === 'complete');
  const error = responses.find((response) => response.kind === 'error');
  const code = error?.kind === 'error' ? latin1(error.fields.find(([type]) => type === 'C')?.[1] ?? NOTHING) : '';
  const isTimed = isAnswered && askedMicros !== undefined && nowMicros !== undefined;
  return {
    protocol: 'postgresql',
    activity: 'query',
    isPrepared: request.kind === 'extended',
    command: complete?.kind === 'complete' ? (/^[A-Z]{2,12}/.exec(complete.tag)?.[0] ?? '') : '',
    rows,
    outcome: isAnswered ? (error === undefined ? 'success' : 'failure') : 'unanswered',
    code: /^[0-9A-Z]{5}$/.test(code) ? code : '',
    durationMs: isTimed ? Math.max(0, nowMicros - askedMicros) / 1000 : undefined,
  };
}

const NOTHING = new Uint8Array(0);
