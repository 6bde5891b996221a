import { arp } from './arp/protocol.ts';
import { cdp } from './cdp/protocol.ts';
import { dhcp } from './dhcp/protocol.ts';
import { dhcpv6 } from './dhcpv6/protocol.ts';
import { dns, llmnr, mdns } from './dns/protocol.ts';
import { ftpData } from './ftp/data-protocol.ts';
import { ftp } from './ftp/protocol.ts';
import { lldp } from './lldp/protocol.ts';
import { mqtt } from './mqtt/protocol.ts';
import { nbns } from './nbns/protocol.ts';
import { ntlm } from './ntlm/protocol.ts';
import { ntp } from './ntp/protocol.ts';
import { pppoe } from './pppoe/protocol.ts';
import type { Protocol } from './protocol.ts';
import { slp } from './slp/protocol.ts';
import { smb } from './smb/protocol.ts';
import { smtp } from './smtp/protocol.ts';
import { snmp } from './snmp/protocol.ts';
import { socks } from './socks/protocol.ts';
import { ssdp } from './ssdp/protocol.ts';
import { ssh } from './ssh/protocol.ts';
import { telnet } from './telnet/protocol.ts';
import { tls } from './tls/protocol.ts';
import { websocket } from './websocket/protocol.ts';

/** Rooms of the protocols that every organisation's network speaks. The sensor sees `ProtocolRecord` only. */
export const ENTERPRISE_PROTOCOLS: readonly Protocol[] = [
  tls,
  ssh,
  smb,
  ntlm,
  ftp,
  ftpData,
  websocket,
  smtp,
  telnet,
  socks,
  mqtt,
  dhcp,
  dhcpv6,
  snmp,
  ntp,
  mdns,
  llmnr,
  nbns,
  ssdp,
  slp,
  dns,
  arp,
  lldp,
  cdp,
  pppoe,
] as unknown as readonly Protocol[];
