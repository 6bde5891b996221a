import type { HostObservation } from '@sphinx/schema';

/** What an import says about an address that nobody has seen on the network yet. @param time milliseconds since the epoch */
export function importedObservation(host: HostObservation['host'], time: number): HostObservation {
  return {
    source: 'import',
    sample: false,
    host,
    evidence: [
      {
        attribute: 'arp.address',
        value: host.ip ?? host.mac ?? '',
        protocol: 'import',
        role: 'self',
        firstSeen: time,
        lastSeen: time,
        count: 1,
        packet: { source: 'import', number: 0, time },
      },
    ],
  };
}
