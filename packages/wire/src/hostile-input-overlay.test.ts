import { OVERLAY_PROTOCOLS } from './protocols-overlay.ts';
import { promisesOfRooms } from './testing/hostile-rooms.ts';

promisesOfRooms(
  OVERLAY_PROTOCOLS,
  [
    'ndpi/pcap/stun.pcap',
    'ndpi/pcap/dtls.pcap',
    'ndpi/pcap/wireguard.pcap',
    'ndpi/pcap/openvpn.pcap',
    'ndpi/pcap/openvpn_nohmac_tcp.pcapng',
    'ndpi/pcap/esp.pcapng',
    'ndpi/pcap/pptp.pcap',
    'ndpi/pcap/bittorrent.pcap',
    'ndpi/pcap/mining.pcapng',
    'ndpi/pcap/teredo.pcap',
    'suricata-verify/arp/detect-arp-04-vxlan/vxlan-arp.pcap',
  ],
  ['stun', 'wireguard', 'openvpn', 'ike', 'pptp', 'stratum', 'teredo', 'vxlan'],
);
