import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';
import { type LdapDetail, type LdapPart, readPart } from './detail.ts';

const MAXIMUM_RESPONSES = 100;
/** Answers on the way: a request goes on behind them (RFC 4511 §4.5.2, §4.13). */
const INTERIM: ReadonlySet<string> = new Set(['search-entry', 'search-reference', 'intermediate-response']);

interface Exchange {
  readonly request: LdapPart;
  readonly responses: LdapPart[];
}

/** Puts requests and everything that answers them together, for a log. */
export class LdapExchanges {
  readonly #pending = new PendingRequests<Exchange>();

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<ProtocolRecord>): void {
    const part = readPart(bytes);
    if (part === undefined) return;
    const { id, operation } = part;
    if (operation.kind.endsWith('-request')) {
      const exchange = { request: part, responses: [] };
      const isAlone = operation.kind === 'unbind-request' || operation.kind === 'abandon-request';
      const given = isAlone ? exchange : this.#pending.ask(id, exchange, undefined);
      if (given !== undefined) tell(given, direction, context);
      return;
    }
    const waiting = this.#pending.waiting(id);
    if (waiting === undefined) {
      tell({ request: undefined, responses: [part] }, direction, context);
      return;
    }
    if (waiting.responses.length < MAXIMUM_RESPONSES) waiting.responses.push(part);
    if (INTERIM.has(operation.kind)) return;
    this.#pending.answer(id, undefined);
    tell(waiting, direction, context);
  }

  end(context: ParserContext<ProtocolRecord>): void {
    for (const exchange of this.#pending.takeAll()) tell(exchange, 'to-server', context);
  }
}

function tell(
  { request, responses }: { readonly request: LdapPart | undefined; readonly responses: readonly LdapPart[] },
  direction: Direction,
  context: ParserContext<ProtocolRecord>,
): void {
  const detail: LdapDetail = { protocol: 'ldap', request, responses };
  context.detail?.(direction, detail);
}
