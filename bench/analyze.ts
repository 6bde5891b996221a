import { measureBesideTshark } from './support/beside-tshark.ts';

// How fast captures are read, flows tracked and protocols parsed on one core, beside tshark. `npm run bench -- analyze
// [CAPTURE]`; last line: figures as JSON.

/** As many as in the measurement of other programs that the README of ../shared/data shows. */
const JOINED_PACKETS = 2_600_000;

const stages = [{ stage: 'read' }, { stage: 'flows' }, { stage: 'parse' }] as const;
await measureBesideTshark('analyze', stages, process.argv[2], JOINED_PACKETS);
