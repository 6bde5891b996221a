import { SERVICE_PROTOCOLS } from './protocols-services.ts';
import { promisesOfRooms } from './testing/hostile-rooms.ts';

promisesOfRooms(
  SERVICE_PROTOCOLS,
  [
    'suricata-verify/ldap-bind/ldap.pcap',
    'suricata-verify/krb5-krb5_msg_type/input.pcap',
    'suricata-verify/rdp-protocol/RDP-003.pcap',
    'suricata-verify/rfb-rules/00-vnc-openwall-3.7.pcap',
    'ndpi/pcap/imap.pcap',
    'suricata-verify/pop3/input.pcap',
    'suricata-verify/dcerpc/zerologon/input.pcap',
    'suricata-verify/quic-frag-unordered/input.pcap',
    'ndpi/pcap/syslog.pcap',
    'suricata-verify/tftp-tx-handling-wrq/input.pcap',
    'ndpi/pcap/sip.pcap',
  ],
  ['kerberos', 'imap', 'dce-rpc', 'quic', 'sip', 'tftp'],
);
