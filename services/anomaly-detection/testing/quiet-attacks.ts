import type { TelemetryRow } from '@sphinx/schema';
import { flow, HOUR_MS, numbersFrom, record, unanswered } from './invented-hospital.ts';
import { PLACES } from './lively-hospital.ts';

type FlowRow = TelemetryRow<'network_activity'>;
type RecordRow = TelemetryRow<'protocol_activity'>;

/** An attack by somebody who keeps every number below what is told of it, or below what the device does at other hours. */
export interface QuietAttack {
  readonly title: string;
  readonly actor: string;
  readonly flows: readonly FlowRow[];
  readonly records: readonly RecordRow[];
}

const WORKSTATION = '10.5.0.7';
const PUMP = '10.3.0.4';
const SCANNER = '10.4.0.2';
const STRANGER = '203.0.113.66';

/** @param midnight of a working day, milliseconds since the Unix epoch (UTC) */
export function quietAttacks(midnight: number): readonly QuietAttack[] {
  const random = numbersFrom(23);
  const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
  const made = (title: string, actor: string, flows: readonly FlowRow[], records: readonly RecordRow[] = []) => ({
    title,
    actor,
    flows: [...flows].sort((a, b) => a.end_time - b.end_time),
    records,
  });
  const at = (hour: number) => midnight + hour * HOUR_MS + Math.floor(random() * (HOUR_MS - 120_000));
  const to = (src_ip: string, dst_ip: string, dst_port: number, app_name: string, time: number) => ({
    ...{ src_ip, dst_ip, dst_port, app_name, time },
  });
  const missing = (hour: number) => (each: number) =>
    record(
      { ...to(WORKSTATION, PLACES.names, 53, 'dns', at(hour)), activity: 'response' },
      { name: `q${each}w${Math.floor(random() * 1e6)}.example`, responseCode: 3 },
    );
  return [
    made(
      'the file server sends to the backup server at noon what it sends by night',
      PLACES.files,
      many(6, () => flow({ ...to(PLACES.files, PLACES.backup, 445, 'smb', at(12)), bytes_out: 3_500_000_000 })),
    ),
    made(
      'the archive is read at three in the morning as on a quiet morning',
      PLACES.archive,
      many(5, () => flow({ ...to('10.5.0.2', PLACES.archive, 104, 'dicom', at(3)), bytes_in: 120_000_000 })),
    ),
    made(
      'an uploading program works in the evening on a computer where people stay late at times',
      WORKSTATION,
      many(9, () => flow({ ...to(WORKSTATION, '198.51.100.88', 443, 'tls', at(23)), bytes_out: 2_000_000 })),
    ),
    made(
      'somebody administers four servers from the administrator’s computer by night',
      PLACES.administrator,
      many(4, (each) =>
        flow({ ...to(PLACES.administrator, `10.2.0.${10 * (each + 1)}`, 22, 'ssh', at(3)), bytes_in: 300_000 }),
      ),
    ),
    made(
      'a little of everything from a workstation: tries, names, log-ons, files, an upload',
      WORKSTATION,
      [
        ...many(8, (each) =>
          unanswered({ src_ip: WORKSTATION, dst_ip: `10.6.1.${each + 1}`, dst_port: 445, time: at(10) }),
        ),
        ...many(3, (each) =>
          flow({
            ...to(WORKSTATION, `10.5.0.${each + 12}`, 3389, 'rdp', at(10)),
            bytes_out: 60_000,
            bytes_in: 500_000,
          }),
        ),
        ...many(4, () => flow({ ...to(WORKSTATION, PLACES.files, 445, 'smb', at(10)), bytes_in: 9_000_000 })),
        ...many(3, () => flow({ ...to(WORKSTATION, STRANGER, 443, 'tls', at(10)), bytes_out: 5_000_000 })),
      ],
      many(18, missing(10)),
    ),
    made(
      'a workstation looks around slowly: nine addresses, four ports of a server, names',
      WORKSTATION,
      [
        ...many(9, (each) =>
          unanswered({ src_ip: WORKSTATION, dst_ip: `10.4.0.${each + 40}`, dst_port: 104, time: at(11) }),
        ),
        ...many(4, (each) =>
          unanswered({
            src_ip: WORKSTATION,
            dst_ip: PLACES.archive,
            dst_port: [23, 80, 8042, 4242][each] ?? 0,
            time: at(11),
          }),
        ),
      ],
      many(15, missing(11)),
    ),
    made(
      'files are collected from the share and packed, below what is told of either',
      WORKSTATION,
      many(10, () =>
        flow({ ...to(WORKSTATION, PLACES.files, 445, 'smb', at(14)), bytes_in: 4_500_000, bytes_out: 400_000 }),
      ),
      many(80, () =>
        record(
          { ...to(WORKSTATION, PLACES.files, 445, 'smb', at(14)), activity: 'file-open' },
          { kind: 'disk', access: 'write', outcome: 'success', extension: 'zip' },
        ),
      ),
    ),
    made('a pump is looked into from a workstation that never spoke to one', PUMP, [
      flow(to(WORKSTATION, PUMP, 80, 'http', at(15))),
    ]),
    made('a pump speaks to another pump', PUMP, [flow(to(PUMP, '10.3.0.9', 3613, 'http', at(16)))]),
    made('a scanner sends images to the archive for teaching, to which no scanner ever did', SCANNER, [
      flow({ ...to(SCANNER, PLACES.teaching, 104, 'dicom', at(9)), bytes_out: 40_000_000 }),
    ]),
  ];
}
