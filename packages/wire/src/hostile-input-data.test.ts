import { DATA_PROTOCOLS } from './protocols-data.ts';
import { promisesOfRooms } from './testing/hostile-rooms.ts';

promisesOfRooms(
  DATA_PROTOCOLS,
  [
    'ndpi/pcap/mysql.pcapng',
    'ndpi/pcap/pgsql.pcap',
    'ndpi/pcap/mssql_tds.pcap',
    'ndpi/pcap/oracle12.pcapng',
    'ndpi/pcap/mongodb.pcap',
    'ndpi/pcap/resp.pcap',
    'ndpi/pcap/memcached.cap',
    'ndpi/pcap/cassandra.pcap',
    'ndpi/pcap/jabber.pcap',
  ],
  ['mysql', 'postgresql', 'tns', 'redis', 'cassandra', 'xmpp'],
);
