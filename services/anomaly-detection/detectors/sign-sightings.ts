import type { FlowRow } from '../traffic/count-flow.ts';
import type { Rhythm } from './beacons.ts';
import type { Moment } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';

/** Who speaks what with whom. */
type Ends = Pick<FlowRow, 'app_name' | 'src_ip' | 'dst_ip' | 'dst_port'>;

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const PERCENT = 100;
/** Told by its content, it is what it is. */
const CERTAIN = 0;

/** A host that calls in a rhythm. */
export function beaconSighting(row: FlowRow, moment: Moment, rhythm: Rhythm, port: string): Sighting {
  const { intervalMs, spread, calls, since, rarity } = rhythm;
  return {
    detector: 'beaconing',
    about: `${row.dst_ip} ${port}`,
    expected: `Connections that persons cause come at irregular times; a rhythm like this comes by chance in ${rarity < 1e-6 ? 'less than one of a million' : 'few'} cases`,
    seen: `${calls} connections to ${port} of ${row.dst_ip}, one every ${intervalWords(intervalMs)}, half of them off by less than ${Math.max(1, Math.round(spread * PERCENT))} %`,
    rarity: Math.min(1, rarity),
    basis: 'hospitals',
    ...endsOf(row, row.dst_ip),
    ...moment,
    time: since,
  };
}

/** @param row flow, or record of the protocol, with the pool */
export function miningSighting(row: Ends, moment: Moment): Sighting {
  return {
    detector: 'crypto-mining',
    about: 'mining',
    expected: 'Nobody here mines crypto-currency',
    seen: `It spoke ${row.app_name}, the protocol of mining pools, with ${row.dst_ip} port ${row.dst_port}`,
    rarity: CERTAIN,
    basis: 'hospitals',
    ...endsOf(row, row.dst_ip),
    ...moment,
  };
}

/** @param far the listed address */
export function listedSighting(row: FlowRow, moment: Moment, far: string): Sighting {
  const near = far === row.dst_ip ? row.src_ip : row.dst_ip;
  return {
    detector: 'command-and-control',
    about: far,
    expected: `Nobody here speaks to ${far}, which the settings list as an attacker's`,
    seen: `${near} and ${far} exchanged ${row.packets_out + row.packets_in} packets`,
    rarity: CERTAIN,
    basis: 'hospitals',
    actor: near,
    subjects: [
      { role: 'actor', type: 'ip', value: near },
      { role: 'target', type: 'ip', value: far },
    ],
    ...moment,
  };
}

function endsOf(row: Ends, target: string): Pick<Sighting, 'actor' | 'subjects'> {
  return {
    actor: row.src_ip,
    subjects: [
      { role: 'actor', type: 'ip', value: row.src_ip },
      { role: 'target', type: 'ip', value: target, port: row.dst_port },
    ],
  };
}

function intervalWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / MS_PER_SECOND);
  if (seconds < 2 * SECONDS_PER_MINUTE) return `${seconds} seconds`;
  return `${Math.round(seconds / SECONDS_PER_MINUTE)} minutes`;
}
