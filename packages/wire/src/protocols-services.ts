import { dcerpc } from './dcerpc/protocol.ts';
import { imap } from './imap/protocol.ts';
import { kerberos } from './kerberos/protocol.ts';
import { ldap } from './ldap/protocol.ts';
import { pop3 } from './pop3/protocol.ts';
import type { Protocol } from './protocol.ts';
import { quic } from './quic/protocol.ts';
import { radius } from './radius/protocol.ts';
import { rdp } from './rdp/protocol.ts';
import { rtcp } from './rtcp/protocol.ts';
import { sip } from './sip/protocol.ts';
import { syslog } from './syslog/protocol.ts';
import { tftp } from './tftp/protocol.ts';
import { vnc } from './vnc/protocol.ts';

/** Rooms of directories, logins, remote desktops, mail boxes, calls and logs. The sensor sees `ProtocolRecord` only. */
export const SERVICE_PROTOCOLS: readonly Protocol[] = [
  ldap,
  kerberos,
  rdp,
  vnc,
  imap,
  pop3,
  dcerpc,
  quic,
  radius,
  syslog,
  tftp,
  sip,
  rtcp,
] as unknown as readonly Protocol[];
