import type { RpcDetail, RpcInterface, RpcSide } from '../../../dcerpc/calls.ts';
import type { EveBody, EveMembers } from '../eve-event.ts';

/** PDUs as EVE names them (C706 §12.6.4). */
const TYPES: Readonly<Record<string, string>> = {
  request: 'REQUEST',
  response: 'RESPONSE',
  fault: 'FAULT',
  bind: 'BIND',
  'bind-acknowledgement': 'BINDACK',
  'bind-refusal': 'BINDNAK',
  'alter-context': 'ALTER_CONTEXT',
  'alter-context-response': 'ALTER_CONTEXT_RESP',
};

/** One call with its answer. */
export function dcerpcBody(detail: RpcDetail): EveBody {
  const { isDatagram, callId, minorVersion, activity } = detail;
  const members = {
    ...callMembers(detail),
    ...(isDatagram ? { activityuuid: activity, seqnum: callId } : { call_id: callId }),
    rpc_version: isDatagram ? '4.0' : `5.${minorVersion}`,
  };
  return { type: 'dcerpc', members };
}

/** A call over a named pipe, as SMB tells it. */
export function pipeCallMembers(detail: RpcDetail): EveMembers {
  const { req, ...members } = callMembers(detail);
  if (req === undefined) return { ...members, call_id: detail.callId };
  const { opnum, ...sizes } = Object(req);
  return { ...members, opnum, req: sizes, call_id: detail.callId };
}

function callMembers({ request, response, operation, interfaces }: RpcDetail): EveMembers {
  return {
    request: request === undefined ? 'REQUEST_LOST' : (TYPES[request.type] ?? ''),
    response: response === undefined ? 'UNREPLIED' : (TYPES[response.type] ?? ''),
    ...(request?.type === 'request' ? { req: { opnum: operation, ...sizeMembers(request) } } : {}),
    ...(response?.type === 'response' ? { res: sizeMembers(response) } : {}),
    ...(interfaces.length === 0 ? {} : { interfaces: interfaces.map(interfaceMembers) }),
  };
}

function sizeMembers({ fragments, stubBytes }: RpcSide): EveMembers {
  return { frag_cnt: fragments, stub_data_size: stubBytes };
}

function interfaceMembers({ uuid, version, result }: RpcInterface): EveMembers {
  return { uuid, version, ...(result === undefined ? {} : { ack_result: result }) };
}
