import { OPERATIONAL_PROTOCOLS } from './protocols-operational.ts';
import { promisesOfRooms } from './testing/hostile-rooms.ts';

promisesOfRooms(
  OPERATIONAL_PROTOCOLS,
  [
    'quickdraw/modbus_test_data_part1.pcap',
    'quickdraw/bacnet_test.pcap',
    'quickdraw/enip_test.pcap',
    'quickdraw/dnp3_test_data_part1.pcap',
    'quickdraw/s7_test.pcap',
    'quickdraw/omron_test.pcap',
    'quickdraw/fox_info.pcap',
    'ndpi/pcap/opc-ua.pcap',
    'ndpi/pcap/knxip.pcapng',
    'ndpi/pcap/iec60780-5-104.pcap',
  ],
  ['modbus', 'bacnet', 'enip', 'dnp3', 's7comm', 'fins', 'fox', 'opc-ua', 'knxnet-ip', 'iec104'],
);
