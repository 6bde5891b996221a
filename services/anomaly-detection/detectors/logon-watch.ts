import type { TelemetryRow } from '@sphinx/schema';
import type { Acceptances } from '../anomalies/acceptances.ts';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import { WindowBook } from '../traffic/window-book.ts';
import type { HabitJudge } from './habit-judge.ts';
import type { MeasureJudge } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';
import { USERS, userKey } from './users.ts';

export type LogonRow = Pick<
  TelemetryRow<'log_activity'>,
  | 'time'
  | 'source_id'
  | 'is_sample'
  | 'kind'
  | 'status'
  | 'actor_user'
  | 'target_user'
  | 'src_ip'
  | 'device_host'
  | 'service'
  | 'object'
  | 'event_code'
>;

/** Windows writes it where Kerberos gives a ticket for a service; the machine of the service is named, not that of the log. */
const SERVICE_TICKET = '4769';
const TICKET_SERVICE = 'krbtgt';
/** Accounts of machines end so in Windows: they log on all day, each from its own machine. */
const MACHINE_ENDING = '$';

export interface LogonWatchParts {
  readonly library: BaselineLibrary;
  readonly acceptances: Acceptances;
  readonly measures: MeasureJudge;
  readonly habits: HabitJudge;
  readonly tell: (sighting: Sighting) => void;
}

/** What is usual of each person: where from and to what they log on, and how often that fails. From logs, whatever wrote them. */
export class LogonWatch {
  readonly #parts: LogonWatchParts;
  readonly #book: WindowBook;

  constructor(parts: LogonWatchParts) {
    this.#parts = parts;
    this.#book = new WindowBook(
      (window, hour) => this.#learn(window, hour),
      () => true,
      () => undefined,
    );
  }

  /** Takes any row of a log; those of log-ons count. */
  take(row: LogonRow): void {
    const user = personOf(row.target_user || row.actor_user);
    if (row.kind !== 'authentication' || user === '' || user.endsWith(MACHINE_ENDING)) return;
    this.#book.goOn(row.time);
    const window = this.#book.window(userKey(user));
    if (window === undefined) return;
    const { time, source_id: source, is_sample: isSample } = row;
    const moment = { time, endTime: time, source, isSample, packetNumber: 0 };
    window.flows++;
    if (row.status === 'failure') {
      const where = row.service || row.device_host || 'a service';
      if (!window.addFor('logon-failures', where, 1)) return;
      const sighting = this.#parts.measures.judge(window, 'logon-failures', moment);
      if (sighting !== undefined) this.#parts.tell(sighting);
    } else if (row.status === 'success') {
      if (row.src_ip !== '')
        this.#parts.habits.judgeLogon(window, { way: 'from', place: row.src_ip }, moment, this.#parts.tell);
      const target = targetOf(row);
      if (target !== '') this.#parts.habits.judgeLogon(window, { way: 'to', place: target }, moment, this.#parts.tell);
    }
  }

  #learn(window: HostWindow, hour: number): void {
    const { library, measures, acceptances } = this.#parts;
    const exceeded = new Map([...window.told].map((measure) => [measure, measures.mostLearnt(window, measure)]));
    const { values, habits, ip: key } = window;
    library.take(
      { key, kind: USERS, hour, values, habits, exceeded, peers: [], joint: undefined },
      (habit) => !acceptances.isRefused(window.ip, habit),
    );
  }
}

/** The same person, however the log names the realm or the domain: `WARD\\k.wolf`, `k.wolf@WARD.EXAMPLE`, `k.wolf`. */
function personOf(name: string): string {
  const lower = name.toLowerCase();
  const plain = lower.slice(lower.lastIndexOf('\\') + 1);
  const realm = plain.indexOf('@');
  return realm > 0 ? plain.slice(0, realm) : plain;
}

/** Machine that a person has logged on to, or got a ticket for; empty where it is none. */
function targetOf({ event_code, object, device_host }: LogonRow): string {
  if (event_code !== SERVICE_TICKET) return device_host.toLowerCase();
  const service = object.toLowerCase();
  return service.startsWith(TICKET_SERVICE) ? '' : service.replace(/\$$/, '');
}
