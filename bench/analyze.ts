import { measureBesideTshark } from './support/beside-tshark.ts';

// How fast captures are read, flows tracked and protocols parsed on one core, beside tshark. `npm run bench -- analyze
// [CAPTURE]`; last line: figures as JSON.

/** As many as in the measurement of other programs that the README of ../shared/data shows. */
const MIXED = { name: 'mixed', paths: ['ndpi/pcap', 'suricata-verify'], minimumPackets: 2_600_000 };
/** The largest capture of a hospital's traffic, again and again: by itself it is over before anything has warmed up. */
const HOSPITAL = { name: 'hospital', paths: ['pcaps/orthanc-dcmtk-loopback.pcap'], minimumPackets: 300_000 };

const stages = [{ stage: 'read' }, { stage: 'flows' }, { stage: 'parse' }] as const;
await measureBesideTshark('analyze', stages, process.argv[2], [MIXED, HOSPITAL]);
