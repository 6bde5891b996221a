import type { TelemetryRow } from '@sphinx/schema';
import {
  flow,
  HOUR_MS,
  type InventedDevice,
  InventedHospital,
  numbersFrom,
  START,
  unanswered,
} from './invented-hospital.ts';

type FlowRow = TelemetryRow<'network_activity'>;

export const PLACES = {
  archive: '10.2.0.20',
  teaching: '10.2.0.21',
  files: '10.2.0.30',
  names: '10.2.0.53',
  backup: '10.2.0.60',
  administrator: '10.5.1.1',
} as const;
const HOURS_PER_DAY = 24;
const DAYS_PER_WEEK = 7;

/**
 * An invented hospital in which not every day is the same: a nightly backup, an archive that works by night at a tenth of its
 * day, a second archive for teaching, people who stay late or fetch something large, an administrator, updates, tries that nobody answers, a computer of a guest.
 */
export class LivelyHospital {
  readonly #base: InventedHospital;
  readonly #next: () => number;

  constructor({ pumps = 16, scanners = 5, workstations = 24, seed = 1 } = {}) {
    this.#base = new InventedHospital({ pumps, scanners, workstations, seed });
    this.#next = numbersFrom(seed * 101 + 7);
  }

  get devices(): readonly InventedDevice[] {
    return [
      ...this.#base.devices,
      { ip: PLACES.teaching, kind: 'dicom-archive', zone: 'imaging-servers' },
      { ip: PLACES.backup, kind: 'backup-server', zone: 'servers' },
      { ip: PLACES.administrator, kind: 'workstation', zone: 'office' },
    ];
  }

  /** All flows of one hour since the start, in the order of their ends. */
  hour(number: number): FlowRow[] {
    const rows = this.#base.hour(number);
    const ofDay = number % HOURS_PER_DAY;
    const isWorkingDay = Math.floor(number / HOURS_PER_DAY) % DAYS_PER_WEEK < 5;
    const isWork = isWorkingDay && ofDay >= 7 && ofDay < 18;
    const add = (row: Parameters<typeof flow>[0]) => rows.push(flow(row));
    const at = () => START + number * HOUR_MS + this.#upTo(HOUR_MS - 60_000);
    this.#archive(add, at, isWork);
    if (ofDay === 1 || ofDay === 2) {
      for (let part = 0; part < 6; part++) {
        const bytes_out = 3_000_000_000 + this.#upTo(1_500_000_000);
        add({ src_ip: PLACES.files, dst_ip: PLACES.backup, dst_port: 445, app_name: 'smb', time: at(), bytes_out });
      }
    }
    for (const { ip } of this.#base.workstations)
      this.#person(rows, ip, at, isWork, isWorkingDay && ofDay >= 18 && ofDay < 22);
    if (isWork) this.#administrator(add, at);
    // An update of one of the pumps about once a day.
    if (this.#next() < 0.04) {
      const pump = this.#base.pumps[this.#upTo(this.#base.pumps.length)];
      if (pump !== undefined) {
        add({
          src_ip: pump.ip,
          dst_ip: '10.2.0.10',
          dst_port: 3613,
          app_name: 'http',
          time: at(),
          bytes_in: 30_000_000,
        });
      }
    }
    if (this.#next() < 0.1) {
      const guest = `10.8.0.${1 + this.#upTo(200)}`;
      for (let page = 0; page < 15; page++) {
        add({ src_ip: guest, dst_ip: `198.51.100.${1 + this.#upTo(200)}`, dst_port: 443, app_name: 'tls', time: at() });
      }
    }
    return rows.sort((a, b) => a.end_time - b.end_time);
  }

  #archive(add: (row: Parameters<typeof flow>[0]) => void, at: () => number, isWork: boolean): void {
    const readers = isWork ? 10 : 2;
    for (let reader = 0; reader < readers; reader++) {
      const bytes_in = isWork ? 40_000_000 + this.#upTo(200_000_000) : 4_000_000 + this.#upTo(9_000_000);
      const src_ip = `10.5.0.${1 + this.#upTo(isWork ? 12 : 3)}`;
      add({ src_ip, dst_ip: PLACES.archive, dst_port: 104, app_name: 'dicom', time: at(), bytes_in });
    }
    if (isWork && this.#next() < 0.5) {
      const bytes_in = 5_000_000 + this.#upTo(20_000_000);
      const src_ip = `10.5.0.${1 + this.#upTo(12)}`;
      add({ src_ip, dst_ip: PLACES.teaching, dst_port: 104, app_name: 'dicom', time: at(), bytes_in });
    }
  }

  #person(rows: FlowRow[], ip: string, at: () => number, isWork: boolean, isEvening: boolean): void {
    const isHere = isWork || (isEvening && this.#next() < 0.08);
    if (!isHere) return;
    if (this.#next() < 0.15) {
      const bytes_in = 20_000_000 + this.#upTo(400_000_000);
      rows.push(flow({ src_ip: ip, dst_ip: '198.51.100.77', dst_port: 443, app_name: 'tls', time: at(), bytes_in }));
    }
    if (this.#next() < 0.05) {
      const bytes_out = 1_000_000 + this.#upTo(14_000_000);
      rows.push(flow({ src_ip: ip, dst_ip: '198.51.100.88', dst_port: 443, app_name: 'tls', time: at(), bytes_out }));
    }
    if (this.#next() < 0.05) {
      for (let file = 0; file < 20; file++) {
        const bytes_in = 200_000 + this.#upTo(2_000_000);
        rows.push(flow({ src_ip: ip, dst_ip: PLACES.files, dst_port: 445, app_name: 'smb', time: at(), bytes_in }));
      }
    }
    // A printer that is off, a share that has moved.
    if (this.#next() < 0.1) {
      for (let attempt = 0; attempt < 1 + this.#upTo(3); attempt++) {
        rows.push(unanswered({ src_ip: ip, dst_ip: `10.6.0.${1 + this.#upTo(9)}`, dst_port: 9100, time: at() }));
      }
    }
  }

  #administrator(add: (row: Parameters<typeof flow>[0]) => void, at: () => number): void {
    for (let session = 0; session < this.#upTo(4); session++) {
      const dst_ip = `10.2.0.${10 * (1 + this.#upTo(6))}`;
      const size = { bytes_out: 40_000 + this.#upTo(90_000), bytes_in: 90_000 + this.#upTo(900_000) };
      add({ src_ip: PLACES.administrator, dst_ip, dst_port: 22, app_name: 'ssh', time: at(), ...size });
    }
  }

  #upTo(count: number): number {
    return Math.floor(this.#next() * count);
  }
}
