import type { DhtDetail, DhtEnd } from '../../../bittorrent/dht.ts';
import { type EveBody, present } from '../eve-event.ts';

/** One message of the distributed hash table; what is shared by whom is content. */
export function dhtBody(detail: DhtDetail, withContent: boolean): EveBody {
  const { kind, transactionId, clientVersion, query, id, error } = detail;
  const { target, infoHash, token, port, impliedPort } = detail;
  const shared = withContent
    ? { target, info_hash: infoHash, token, implied_port: impliedPort, port, ...nodesOf(detail) }
    : {};
  const content = present({ id, ...shared });
  const members = {
    transaction_id: transactionId,
    ...present({ client_version: clientVersion, request_type: query }),
    ...(kind === 'query' ? { request: content } : {}),
    ...(kind === 'response' ? { response: content } : {}),
    ...(error === undefined ? {} : { error: { num: error.number, msg: error.message } }),
  };
  return { type: 'bittorrent_dht', members };
}

function nodesOf({ nodes, nodes6, peers }: DhtDetail) {
  const known = ({ id, ip, port }: DhtEnd) => ({ id, ip, port });
  return { nodes: nodes.map(known), nodes6: nodes6.map(known), values: peers.map(({ ip, port }) => ({ ip, port })) };
}
