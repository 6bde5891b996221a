import type { TelemetryRow } from '@sphinx/schema';

type FlowRow = TelemetryRow<'network_activity'>;
type RecordRow = TelemetryRow<'protocol_activity'>;

export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A Monday, midnight UTC. */
export const START = Date.UTC(2026, 0, 5);

/** A flow as the sensor tells it, with what matters for a case. */
export function flow(fields: Partial<FlowRow> & Pick<FlowRow, 'src_ip' | 'dst_ip' | 'dst_port' | 'time'>): FlowRow {
  return {
    end_time: fields.time + 500,
    flow_id: `flw_${fields.src_ip}_${fields.time}`,
    source_id: 'src_hospital',
    is_sample: false,
    src_port: 40_000,
    src_mac: null,
    dst_mac: null,
    vlan_uid: null,
    transport: 'tcp',
    app_name: 'unknown',
    is_encrypted: false,
    bytes_out: 1_000,
    bytes_in: 2_000,
    packets_out: 8,
    packets_in: 8,
    tcp_flags_out: 0x1b,
    tcp_flags_in: 0x1b,
    state: 'closed',
    packet_number: 1,
    ...fields,
  };
}

/** A try that nobody answers. */
export function unanswered(fields: Parameters<typeof flow>[0]): FlowRow {
  const nothing = { state: 'one-way', tcp_flags_out: 0x02, tcp_flags_in: 0, bytes_in: 0, packets_in: 0 } as const;
  return flow({ ...nothing, bytes_out: 60, packets_out: 1, ...fields });
}

export function record(
  fields: Pick<RecordRow, 'src_ip' | 'dst_ip' | 'app_name' | 'activity' | 'time'>,
  details: object,
): RecordRow {
  const rest = { flow_id: 'flw_record', source_id: 'src_hospital', is_sample: false, dst_port: 0, packet_number: 1 };
  return { ...rest, ...fields, details: JSON.stringify(details) };
}

/** Numbers that look random and are the same in every run (Lehmer, 1951). */
export function numbersFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A device of the invented hospital. */
export interface InventedDevice {
  readonly ip: string;
  readonly kind: string;
  readonly zone: string;
}

const SERVERS = { pumps: '10.2.0.10', pacs: '10.2.0.20', files: '10.2.0.30', names: '10.2.0.53', web: '198.51.100.7' };

function addresses(count: number, network: string, kind: string, zone: string): readonly InventedDevice[] {
  return Array.from({ length: count }, (_, at) => ({
    ip: `${network}.${Math.floor(at / 250)}.${(at % 250) + 1}`,
    kind,
    zone,
  }));
}

/** A hospital that does the same every day, a little different each time: pumps all day, people from seven to six. */
export class InventedHospital {
  readonly pumps: readonly InventedDevice[];
  readonly scanners: readonly InventedDevice[];
  readonly workstations: readonly InventedDevice[];
  readonly servers: readonly InventedDevice[] = [
    { ip: SERVERS.pumps, kind: 'pump-server', zone: 'clinical-servers' },
    { ip: SERVERS.pacs, kind: 'dicom-archive', zone: 'imaging-servers' },
    { ip: SERVERS.files, kind: 'file-server', zone: 'servers' },
    { ip: SERVERS.names, kind: 'dns-dhcp-server', zone: 'servers' },
  ];
  readonly #next: () => number;

  constructor({ pumps = 12, scanners = 4, workstations = 10, seed = 1 } = {}) {
    this.pumps = addresses(pumps, '10.3', 'infusion-pump', 'bedside');
    this.scanners = addresses(scanners, '10.4', 'ct-scanner', 'imaging');
    this.workstations = addresses(workstations, '10.5', 'workstation', 'office');
    this.#next = numbersFrom(seed);
  }

  get devices(): readonly InventedDevice[] {
    return [...this.pumps, ...this.scanners, ...this.workstations, ...this.servers];
  }

  /** All flows of one hour since the start, in the order of their ends. */
  hour(number: number): FlowRow[] {
    const begin = START + number * HOUR_MS;
    const ofDay = number % 24;
    const isWork = ofDay >= 7 && ofDay < 18 && Math.floor(number / 24) % 7 < 5;
    const rows: FlowRow[] = [];
    for (const { ip } of this.pumps) this.#pump(rows, ip, begin);
    if (isWork) for (const { ip } of this.scanners) this.#scanner(rows, ip, begin);
    if (isWork) for (const { ip } of this.workstations) this.#workstation(rows, ip, begin);
    return rows.sort((a, b) => a.end_time - b.end_time);
  }

  #pump(rows: FlowRow[], ip: string, begin: number): void {
    for (let call = 0; call < 12; call++) {
      const time = begin + call * 5 * MINUTE_MS + this.#upTo(2_000);
      rows.push(
        flow({
          src_ip: ip,
          dst_ip: SERVERS.pumps,
          dst_port: 3613,
          app_name: 'http',
          time,
          bytes_out: 800 + this.#upTo(200),
        }),
      );
    }
    rows.push(
      flow({
        src_ip: ip,
        dst_ip: SERVERS.names,
        dst_port: 123,
        transport: 'udp',
        app_name: 'ntp',
        state: 'established',
        time: begin + this.#upTo(HOUR_MS),
        bytes_out: 76,
        bytes_in: 76,
      }),
    );
  }

  #scanner(rows: FlowRow[], ip: string, begin: number): void {
    const studies = 2 + this.#upTo(4);
    for (let study = 0; study < studies; study++) {
      const time = begin + this.#upTo(HOUR_MS - MINUTE_MS);
      rows.push(
        flow({
          src_ip: ip,
          dst_ip: SERVERS.pacs,
          dst_port: 104,
          app_name: 'dicom',
          time,
          end_time: time + 30_000,
          bytes_out: 20_000_000 + this.#upTo(80_000_000),
          bytes_in: 50_000,
        }),
      );
    }
  }

  #workstation(rows: FlowRow[], ip: string, begin: number): void {
    for (let page = 0; page < 20; page++) {
      const time = begin + this.#upTo(HOUR_MS);
      const site = `198.51.100.${1 + this.#upTo(40)}`;
      rows.push(
        flow({
          src_ip: ip,
          dst_ip: SERVERS.names,
          dst_port: 53,
          transport: 'udp',
          app_name: 'dns',
          state: 'established',
          time,
          bytes_out: 70,
          bytes_in: 150,
        }),
      );
      rows.push(
        flow({
          src_ip: ip,
          dst_ip: site,
          dst_port: 443,
          app_name: 'tls',
          is_encrypted: true,
          time,
          bytes_out: 2_000 + this.#upTo(20_000),
          bytes_in: 10_000 + this.#upTo(900_000),
        }),
      );
    }
    for (let file = 0; file < 5; file++) {
      const time = begin + this.#upTo(HOUR_MS);
      rows.push(
        flow({
          src_ip: ip,
          dst_ip: SERVERS.files,
          dst_port: 445,
          app_name: 'smb',
          time,
          bytes_out: 20_000 + this.#upTo(400_000),
          bytes_in: 20_000 + this.#upTo(2_000_000),
        }),
      );
    }
  }

  #upTo(limit: number): number {
    return Math.floor(this.#next() * limit);
  }
}
