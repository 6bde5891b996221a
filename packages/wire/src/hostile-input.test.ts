import { ENTERPRISE_PROTOCOLS } from './protocols-enterprise.ts';
import { HEALTH_PROTOCOLS } from './protocols-health.ts';
import { promisesOfRooms } from './testing/hostile-rooms.ts';

promisesOfRooms(
  [...HEALTH_PROTOCOLS, ...ENTERPRISE_PROTOCOLS],
  [
    'pcaps/hospital-lab.pcap',
    'pcaps/hl7-mllp.pcap',
    'suricata-verify/dns-over-http2/dns_over_https.pcap',
    'ndpi/pcap/telnet.pcap',
    'ndpi/pcap/smtp.pcap',
    'ndpi/pcap/mqtt.pcap',
    'ndpi/pcap/ssdp-m-search.pcap',
    'ndpi/pcap/netbios.pcap',
    'ndpi/pcap/NTPv4.pcap',
    'ndpi/pcap/smbv1.pcap',
  ],
  ['dicom', 'hl7', 'http', 'http2', 'tls', 'ssh', 'smb', 'ftp', 'dhcp', 'dns', 'snmp', 'ntp', 'arp'],
);
