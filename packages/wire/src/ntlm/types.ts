import type { ProtocolRecord } from '../protocol.ts';

/** What carries a message: NTLM has no transport of its own. */
export type NtlmCarrier = 'smb' | 'http' | 'dce-rpc' | 'ldap';

/** One message of NTLM (MS-NLMP §2.2.1). Who logs in is never read. */
export interface NtlmRecord extends ProtocolRecord {
  readonly protocol: 'ntlm';
  readonly activity: 'negotiate' | 'challenge' | 'authenticate';
  readonly carrier: NtlmCarrier;
  /** Name of the computer that speaks, where it tells one. */
  readonly computer: string;
  /** Domain or workgroup: of the server, or that in which the client logs in. */
  readonly domain: string;
  /** Version of Windows, or what is told for it: `10.0.17763`. */
  readonly version: string;
  /** The client logs in as nobody. */
  readonly isAnonymous: boolean;
  /** The client answers as NTLM version 1 does, which is broken with little effort. */
  readonly isVersion1: boolean;
}
