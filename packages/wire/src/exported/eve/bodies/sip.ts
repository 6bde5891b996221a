import type { SipMessageRecord } from '../../../sip/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';

const VERSION = 'SIP/2.0';

/** One message; callers and called, their numbers and addresses are not read. */
export function sipBody({ activity, method, status, reason }: SipMessageRecord): EveBody {
  const members =
    activity === 'request'
      ? { method, version: VERSION }
      : present({ version: VERSION, code: String(status), reason, response_line: `${VERSION} ${status} ${reason}` });
  return { type: 'sip', members };
}
