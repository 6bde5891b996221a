import type { Rule } from '../rule.ts';

/** A rule on more ports than this is looked at on every port. */
const MAXIMUM_PORTS = 64;
const NONE: readonly number[] = [];

/** Rules without a pattern, by the port that they are about, so that a packet meets few of them. */
export class PortBuckets {
  readonly everywhere: number[] = [];
  readonly #byDestination = new Map<number, number[]>();
  readonly #bySource = new Map<number, number[]>();

  add({ header }: Rule, number: number): void {
    const destinations =
      header.isBidirectional || header.isTransactional ? undefined : header.destinationPorts.list(MAXIMUM_PORTS);
    const sources =
      header.isBidirectional || header.isTransactional ? undefined : header.sourcePorts.list(MAXIMUM_PORTS);
    if (destinations !== undefined) addTo(this.#byDestination, destinations, number);
    else if (sources !== undefined) addTo(this.#bySource, sources, number);
    else this.everywhere.push(number);
  }

  ofDestination(port: number): readonly number[] {
    return this.#byDestination.get(port) ?? NONE;
  }

  ofSource(port: number): readonly number[] {
    return this.#bySource.get(port) ?? NONE;
  }
}

function addTo(buckets: Map<number, number[]>, ports: readonly number[], number: number): void {
  for (const port of ports) {
    const bucket = buckets.get(port);
    if (bucket === undefined) buckets.set(port, [number]);
    else bucket.push(number);
  }
}
