import type { TransactionDetail } from '../../inspector.ts';
import { dhtBody } from './bodies/bittorrent.ts';
import { dcerpcBody } from './bodies/dcerpc.ts';
import { dnp3Body } from './bodies/dnp3.ts';
import { ftpBody, ftpDataBody } from './bodies/ftp.ts';
import { ikeBody } from './bodies/ike.ts';
import { ldapBody } from './bodies/ldap.ts';
import { mqttBody } from './bodies/mqtt.ts';
import { pgsqlBody } from './bodies/pgsql.ts';
import { pop3Body } from './bodies/pop3.ts';
import { smbBody } from './bodies/smb.ts';
import { smtpBody } from './bodies/smtp.ts';
import type { EveBody } from './eve-event.ts';
import type { EveSettings } from './settings.ts';

type Describe = (detail: TransactionDetail, withContent: boolean, settings: EveSettings) => EveBody | undefined;

/** Rooms that give transactions with all that was said in them. */
const DETAILS: ReadonlyMap<string, Describe> = new Map([
  mapping('bittorrent', dhtBody),
  mapping('dce-rpc', dcerpcBody),
  mapping('dnp3', dnp3Body),
  mapping('ftp', ftpBody),
  mapping('ftp-data', ftpDataBody),
  mapping('ike', ikeBody),
  mapping('ldap', ldapBody),
  mapping('mqtt', mqttBody),
  mapping('pop3', pop3Body),
  mapping('postgresql', pgsqlBody),
  mapping('smb', smbBody),
  mapping('smtp', smtpBody),
]);

/** The id of a room says of which type its details are. */
function mapping<D extends TransactionDetail>(
  protocol: D['protocol'],
  describe: (detail: D, withContent: boolean, settings: EveSettings) => EveBody | undefined,
): readonly [string, Describe] {
  return [protocol, (detail, withContent, settings) => describe(detail as D, withContent, settings)];
}

/**
 * @param withContent whether the event may hold what can name a patient
 * @returns what EVE tells of a transaction; undefined where it has no event for it
 */
export function describeDetail(
  detail: TransactionDetail,
  withContent: boolean,
  settings: EveSettings,
): EveBody | undefined {
  return DETAILS.get(detail.protocol)?.(detail, withContent, settings);
}
