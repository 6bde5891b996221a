import { NSL_KDD_FEATURES } from '../data/nsl-kdd.ts';
import { type Random, seededRandom } from '../random/random.ts';

/** Connections that are invented, in the form of NSL-KDD: enough to train on in a moment, told apart without doubt. */
export function inventedConnections(rows: number, seed: number): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const type = TYPES[row % TYPES.length] ?? 'normal';
    const values = new Map(Object.entries({ ...NORMAL(random), ...DIFFERENCES[type]?.(random) }));
    return [...NSL_KDD_FEATURES.map(({ name }) => values.get(name) ?? 0), type, 21].join(',');
  });
  return `${lines.join('\n')}\n`;
}

const TYPES = ['normal', 'normal', 'normal', 'neptune', 'normal', 'ipsweep', 'normal', 'portsweep', 'normal', 'smurf'];

type Values = Record<string, string | number>;

const NORMAL = (random: Random): Values => ({
  protocol_type: 'tcp',
  service: ['http', 'smtp', 'ftp_data'][random.below(3)] ?? 'http',
  flag: 'SF',
  src_bytes: 200 + random.below(300),
  dst_bytes: 1000 + random.below(9000),
  logged_in: 1,
  count: 1 + random.below(10),
  srv_count: 1 + random.below(10),
  same_srv_rate: 1,
  dst_host_count: random.below(255),
});

const DIFFERENCES: Record<string, (random: Random) => Values> = {
  neptune: (random) => ({
    flag: 'S0',
    src_bytes: 0,
    dst_bytes: 0,
    logged_in: 0,
    count: 200 + random.below(50),
    serror_rate: 1,
  }),
  smurf: (random) => ({
    protocol_type: 'icmp',
    service: 'ecr_i',
    src_bytes: 1032,
    dst_bytes: 0,
    logged_in: 0,
    count: 400 + random.below(100),
  }),
  ipsweep: (random) => ({
    protocol_type: 'icmp',
    service: 'eco_i',
    src_bytes: 8,
    dst_bytes: 0,
    logged_in: 0,
    srv_diff_host_rate: 0.5 + random.next() / 2,
  }),
  portsweep: (random) => ({
    flag: 'REJ',
    service: 'private',
    src_bytes: 0,
    dst_bytes: 0,
    logged_in: 0,
    rerror_rate: 1,
    diff_srv_rate: random.next(),
  }),
};
