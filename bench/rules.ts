import { sharedData } from '../tests/shared-data.ts';
import { measureBesideTshark } from './support/beside-tshark.ts';

// What rules cost on top of parsing, on one core, beside tshark. `npm run bench -- rules [CAPTURE] [RULES]`: a file or an
// archive of Suricata rules; without one, Emerging Threats Open of 2019. Last line: figures as JSON.

const MIXED = { name: 'mixed', paths: ['ndpi/pcap', 'suricata-verify'], minimumPackets: 500_000 };

const rules = process.argv[3] ?? sharedData('et-open/et-open-2019.rules.gz');
if (rules === undefined) throw new Error('../shared/data is absent: name a file of rules to measure with.');
const stages = [{ stage: 'parse' }, { stage: 'rules', argument: rules }] as const;
await measureBesideTshark('rules', stages, process.argv[2], [MIXED]);
