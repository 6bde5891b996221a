import type { InspectedFlowState } from '../../inspector.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type { EveEvent, EveFlow, EveMembers } from './eve-event.ts';
import { namedByAddress } from './file-event.ts';
import type { FlowLog, WaitingEvent } from './flow-log.ts';
import type { EveSettings } from './settings.ts';
import { acknowledged } from './told-event.ts';

/** Events on their way out: those that wait for an acknowledgement, and those that wait for their transaction. */
export class EventQueue {
  readonly #write: (event: EveEvent) => void;

  /** @param write takes the events in the order in which they are complete */
  constructor(write: (event: EveEvent) => void) {
    this.#write = write;
  }

  /** @param isPayload it speaks of its own packet, unless that was acknowledged too late */
  put(
    event: EveMembers,
    flow: EveFlow | InspectedFlowState,
    acknowledgement: Acknowledgement | undefined,
    isPayload = false,
  ): void {
    if (acknowledgement === undefined) this.#write(event);
    else if (isPayload) {
      acknowledgement.whenFollowed((by) => {
        const isUnheard = by === undefined || by.isLast;
        this.#write(isUnheard ? acknowledged(event, flow, undefined) : event);
      });
    } else if (event.event_type === 'alert') {
      acknowledgement.whenFollowed((by) => this.#write(acknowledged(event, flow, by)));
    } else acknowledgement.whenAcknowledged((by) => this.#write(acknowledged(event, flow, by)));
  }

  /** Alerts and files up to a packet wait no longer. */
  release(log: FlowLog, packetNumber: number, transaction: number | undefined, members: EveMembers): void {
    const [isNow, later] = [[], []] as [WaitingEvent[], WaitingEvent[]];
    for (const each of log.waiting) (each.packetNumber <= packetNumber ? isNow : later).push(each);
    const number = transaction === undefined ? {} : { tx_id: transaction };
    const files = isNow.flatMap(({ event: { fileinfo } }) =>
      fileinfo === undefined ? [] : { ...Object(fileinfo), ...number },
    );
    const carried = files.length === 0 ? {} : { files };
    for (const { event, isFile, flow, acknowledgement, isPayload, isNamedByAddress = false } of isNow) {
      const fileinfo = { ...namedByAddress(Object(event.fileinfo), members, isNamedByAddress), ...number };
      const told = isFile ? { ...event, fileinfo, ...members } : { ...event, ...number, ...members, ...carried };
      this.put(told, flow, acknowledgement, isPayload);
    }
    log.waiting = later;
  }

  /** Of rooms whose sides are told one by one: alerts on the frames of a side wait for it. */
  releaseFrames(log: FlowLog, members: EveMembers): void {
    if (!log.waiting.some(({ event }) => event.frame !== undefined)) return;
    for (const { event, flow, acknowledgement } of log.waiting) {
      if (event.frame !== undefined) this.put({ ...event, ...members }, flow, acknowledgement);
    }
    log.waiting = log.waiting.filter(({ event }) => event.frame === undefined);
  }
}

/**
 * @param options.captureFile named in every event where it is there
 * @param settings without `ethernet`, addresses of the link layer are left out
 */
export function writerOf(
  { write, captureFile }: { readonly write: (event: EveEvent) => void; readonly captureFile?: string },
  { ethernet }: EveSettings,
): (event: EveEvent) => void {
  if (captureFile === undefined && ethernet) return write;
  const named = captureFile === undefined ? {} : { pcap_filename: captureFile };
  return (event) => {
    const { ether, ...rest } = event;
    write({ ...(ethernet ? event : rest), ...named });
  };
}
