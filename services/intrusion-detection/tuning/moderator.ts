import { BlockList, isIPv6 } from 'node:net';
import type { AssetPlace } from '@sphinx/platform';
import type { Detection } from '@sphinx/schema';
import type { Adjustment, RuleTuning, TuningScope } from './tuning.ts';

const MS_PER_SECOND = 1000;
/** Hosts that limits count at a time; beyond this the longest known are forgotten. */
const MAXIMUM_COUNTERS = 100_000;

type Judged = Omit<Detection, 'isSample'>;

/** An adjustment whose networks are ready to be asked. */
interface PreparedAdjustment {
  readonly adjustment: Adjustment;
  readonly networks: BlockList;
}

/** Applies what was decided about rules to what they found: who is told, how severe it is, and how often. */
export class Moderator {
  readonly #placesOf: (ip: string) => readonly AssetPlace[];
  #adjustments = new Map<string, readonly PreparedAdjustment[]>();
  readonly #counters = new Map<string, { startMs: number; count: number }>();

  /** @param placesOf kinds and zones of the assets that have an address */
  constructor(placesOf: (ip: string) => readonly AssetPlace[]) {
    this.#placesOf = placesOf;
  }

  /** @param tunings by rule: `1:2019401` */
  use(tunings: ReadonlyMap<string, RuleTuning>): void {
    this.#adjustments = new Map(
      [...tunings]
        .filter(([, { adjustments }]) => adjustments.length > 0)
        .map(([rule, { adjustments }]) => [rule, adjustments.map(prepare)]),
    );
  }

  /** @returns the detection as it is told; undefined when nobody wants to hear of it */
  judge(detection: Judged): Judged | undefined {
    const { gid, sid } = detection.rule;
    const adjustments = this.#adjustments.get(`${gid}:${sid}`) ?? [];
    const index = adjustments.findIndex((each) => this.#fits(each, detection));
    const found = adjustments[index]?.adjustment;
    if (found === undefined) return detection;
    if (found.action === 'quiet' || !this.#admits(found, index, detection)) return undefined;
    return found.severity === null ? detection : { ...detection, severity: found.severity };
  }

  #fits({ adjustment: { scope }, networks }: PreparedAdjustment, { source, destination }: Judged): boolean {
    if (scope.addresses.length + scope.kinds.length + scope.zones.length === 0) return true;
    const ends = { either: [source, destination], source: [source], destination: [destination] }[scope.end];
    return ends.some(({ ip }) => networks.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4') || this.#isPlaced(ip, scope));
  }

  #isPlaced(ip: string, { kinds, zones }: TuningScope): boolean {
    if (kinds.length + zones.length === 0) return false;
    return this.#placesOf(ip).some(({ kind, zone }) => kinds.includes(kind) || zones.includes(zone));
  }

  #admits({ limit }: Adjustment, index: number, { rule, source, destination, time, packet }: Judged): boolean {
    if (limit === null) return true;
    const whom = { source: source.ip, destination: destination.ip, pair: `${source.ip} ${destination.ip}`, rule: '' };
    const key = `${packet.source} ${rule.gid}:${rule.sid} ${index} ${whom[limit.by]}`;
    const known = this.#counters.get(key);
    const ageMs = known === undefined ? 0 : time - known.startMs;
    if (known === undefined || ageMs < 0 || ageMs >= limit.seconds * MS_PER_SECOND) {
      this.#counters.delete(key);
      this.#counters.set(key, { startMs: time, count: 1 });
      const oldest = this.#counters.keys().next().value;
      if (this.#counters.size > MAXIMUM_COUNTERS && oldest !== undefined) this.#counters.delete(oldest);
      return true;
    }
    known.count += 1;
    return known.count <= limit.count;
  }
}

function prepare(adjustment: Adjustment): PreparedAdjustment {
  const networks = new BlockList();
  for (const text of adjustment.scope.addresses) {
    const [address = '', bits] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(bits), family);
  }
  return { adjustment, networks };
}
