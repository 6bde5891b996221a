import type { DcerpcRecord } from '../../../dcerpc/types.ts';
import { type EveBody, present } from '../eve-event.ts';

const REQUESTS: ReadonlyMap<string, string> = new Map([
  ['request', 'REQUEST'],
  ['bind', 'BIND'],
  ['alter-context', 'ALTER_CONTEXT'],
]);

/** One call with its answer. */
export function dcerpcBody(record: DcerpcRecord): EveBody {
  const { activity, interfaces, operation, outcome } = record;
  const request = REQUESTS.get(activity);
  const members = present({
    request,
    response: outcome === 'unanswered' ? undefined : answerName(activity, outcome),
    rpc_version: '5.0',
    interfaces: activity === 'request' ? [] : interfaces.map((uuid) => ({ uuid })),
    req: operation < 0 || activity !== 'request' ? {} : { opnum: operation },
  });
  return { type: 'dcerpc', members };
}

function answerName(activity: string, outcome: DcerpcRecord['outcome']): string {
  switch (activity) {
    case 'bind':
      return outcome === 'success' ? 'BINDACK' : 'BINDNAK';
    case 'alter-context':
      return 'ALTER_CONTEXT_RESP';
    default:
      return outcome === 'success' ? 'RESPONSE' : 'FAULT';
  }
}
