import type { InspectedFlowState } from '../../inspector.ts';
import type { AcknowledgingPacket } from './acknowledgements.ts';
import { flowSoFar } from './alert-event.ts';
import { type EveBody, type EveFlow, type EveMembers, eveTime } from './eve-event.ts';

/** @returns what an event tells beside whose it is, by its type */
export function bodyMembers({ type, members, beside }: EveBody): EveMembers {
  return { [type]: members, ...beside };
}

/** @returns the event as it is told with the packet that acknowledged it; an alert with the flow as it is then */
export function acknowledged(
  event: EveMembers,
  flow: EveFlow | InspectedFlowState,
  by: AcknowledgingPacket,
): EveMembers {
  if (by === undefined) {
    const { pcap_cnt: _, ...rest } = event;
    return { ...rest, pkt_src: 'stream (flow timeout)' };
  }
  const isAlert = event.event_type === 'alert' && 'packetsToServer' in flow;
  const counted = isAlert ? { flow: flowSoFar(flow) } : {};
  return { ...event, timestamp: eveTime(by.timeMicros), pcap_cnt: by.packetNumber, ...counted };
}
