import { measureBesideTshark } from './support/beside-tshark.ts';

// What looking for data of patients costs on top of parsing and of the views that any service that looks at packets gets, on
// one core, beside tshark. `npm run bench -- data-protection [CAPTURE]`; last line: figures as JSON.

const MIXED = { name: 'mixed', paths: ['ndpi/pcap', 'suricata-verify'], minimumPackets: 500_000 };
const HOSPITAL = { name: 'hospital', paths: ['pcaps/hospital-lab.pcap'], minimumPackets: 150_000 };

const stages = [{ stage: 'parse' }, { stage: 'views' }, { stage: 'data-protection' }] as const;
await measureBesideTshark('data-protection', stages, process.argv[2], [MIXED, HOSPITAL]);
