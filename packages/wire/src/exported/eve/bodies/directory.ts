import type { KerberosRecord } from '../../../kerberos/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';

const KERBEROS_MESSAGES: ReadonlyMap<string, string> = new Map([
  ['as', 'KRB_AS_REP'],
  ['tgs', 'KRB_TGS_REP'],
  ['ap', 'KRB_AP_REP'],
]);

/** A ticket that was asked for; the name of who asked is not read. */
export function kerberosBody(record: KerberosRecord): EveBody {
  const { activity, realm, service, ticketEncryption, outcome, error } = record;
  const members = present({
    msg_type: outcome === 'failure' ? 'KRB_ERROR' : KERBEROS_MESSAGES.get(activity),
    realm,
    sname: service,
    encryption: ticketEncryption,
    error_code: error,
  });
  return { type: 'krb5', members };
}
