import type { MessageReader } from '../framed-room.ts';
import { tellNtlm } from '../ntlm/parse.ts';
import { pairingReader } from '../pairing-reader.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { RpcCalls } from './calls.ts';
import { INTERFACES } from './interfaces.ts';
import { parseDatagramPdu, parsePdu, type RpcPdu } from './parse.ts';
import type { DcerpcRecord } from './types.ts';
import { RpcViews } from './views.ts';

/** C706 §12.6.3.1. */
const FIRST_FRAGMENT = 1;
const REQUESTS = new Set(['request', 'bind', 'alter-context']);
/** PDUs in which both ends say who they are (C706 §13.2.6; MS-RPCE §2.2.2.11). */
const OPENINGS = new Set(['bind', 'bind-acknowledgement', 'alter-context', 'alter-context-response', 'authentication']);
const FAILURES = new Set(['fault', 'bind-refusal', 'reject']);
const ANSWERS = new Set([
  'response',
  'fault',
  'bind-acknowledgement',
  'bind-refusal',
  'alter-context-response',
  'reject',
]);

/**
 * Knows which interface each context of a connection means.
 *
 * @param shownAs the room in whose name rules see the calls: SMB, where they go over a named pipe
 */
export function createRpcReader(shownAs = 'dce-rpc'): MessageReader<DcerpcRecord> {
  const contexts = new Map<number, string>();
  let views: RpcViews | undefined;
  let calls: RpcCalls | undefined;
  /** Directions in which a call was torn: what follows is no part of another one, up to a first fragment. */
  const torn = new Set<Direction>();
  const isRemnant = (message: Uint8Array, direction: Direction) => {
    if (torn.size > 0 && ((message[3] ?? 0) & FIRST_FRAGMENT) !== 0) torn.delete(direction);
    return torn.has(direction);
  };
  const pairing = pairingReader<RpcPdu, DcerpcRecord>({
    parse: (message, direction, context) => {
      const isStream = context.transport === 'tcp';
      if (isStream && isRemnant(message, direction)) return undefined;
      const pdu = isStream ? parsePdu(message) : parseDatagramPdu(message);
      if (context.inspect !== undefined) {
        views ??= new RpcViews(shownAs, (...view) => context.inspect?.(...view));
        if (isStream) views.pdu(message, direction);
        else if (pdu !== undefined) views.datagram(pdu, message, direction);
      }
      if (context.detail !== undefined) {
        calls ??= new RpcCalls(context as ParserContext);
        if (isStream) calls.pdu(message, direction);
        else calls.datagram(message, direction);
      }
      if (pdu?.hasAuthentication && OPENINGS.has(pdu.type)) {
        tellNtlm(message, 'dce-rpc', direction, context as ParserContext);
      }
      if (pdu === undefined || !pdu.isFirst || !(REQUESTS.has(pdu.type) || ANSWERS.has(pdu.type))) return undefined;
      for (const [id, uuid] of pdu.interfaces) if (contexts.size < 64) contexts.set(id, uuid);
      return pdu;
    },
    isRequest: ({ type }) => REQUESTS.has(type),
    keyOf: ({ callId }) => callId,
    join: (request, answer, durationMs) => {
      const asked = request === undefined ? [] : [...request.interfaces.values()];
      const ofCall = contexts.get(request?.contextId ?? answer?.contextId ?? -1);
      const uuids = asked.length > 0 ? asked : ofCall === undefined ? [] : [ofCall];
      return {
        protocol: 'dce-rpc',
        activity: request?.type ?? answer?.type ?? '',
        interfaces: uuids.map((uuid) => INTERFACES[uuid] ?? uuid),
        operation: request?.operation ?? -1,
        outcome: answer === undefined ? 'unanswered' : FAILURES.has(answer.type) ? 'failure' : 'success',
        status: answer?.status ?? 0,
        isAuthenticated: request?.hasAuthentication ?? false,
        durationMs,
      };
    },
  })();
  return {
    message: (message, direction, context) => pairing.message(message, direction, context),
    lost: (direction) => {
      torn.add(direction);
      views?.lost(direction);
      calls?.end();
    },
    end: (context) => {
      pairing.end?.(context);
      calls?.end();
    },
  };
}
