import type { TelemetryRow } from '@sphinx/schema';
import type { PortRoles } from '../knowledge/port-roles.ts';
import type { HostWindow } from './host-window.ts';
import { isForMany } from './locality.ts';
import type { MeasureId } from './measures.ts';
import type { StreamServers } from './stream-servers.ts';

// Counts every flow of the site: the words of a measure are made only where it is told.

export type FlowRow = TelemetryRow<'network_activity'>;

const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
/** Beyond it a client has its own ports: nobody offers services there. */
const FIRST_EPHEMERAL_PORT = 49_152;
/** Pings carry 56 or 32 bytes of nothing; with the headers of IP and ICMP a packet stays below this. */
const PLAIN_PING_BYTES = 150;
/** Who gets no answer over UDP tries again once or twice; a stream that nobody answers is no try. */
const PACKETS_OF_A_PROBE = 3;
/** An answer that is this many times the question amplifies. */
const LEAST_AMPLIFICATION = 3;
/** Of the original: played for at least five minutes, little sent, much received. */
const LEAST_STREAM_MS = 300_000;
const GREATEST_STREAM_SENT = 10_000_000;
const LEAST_STREAM_RECEIVED = 1_000_000;
const MS_PER_SECOND = 1000;

/** @returns whether nobody has answered, or the server has refused; for flows that want an answer */
export function hasFailed(row: FlowRow, ports: PortRoles): boolean {
  if (row.state === 'rejected') return true;
  if (row.state !== 'one-way' && row.state !== 'new') return false;
  if (row.transport === 'tcp') {
    // With an acknowledgement somebody has answered out of sight: the capture has one direction only.
    return (row.tcp_flags_out & ACK) === 0 && row.packets_out > 0;
  }
  const isProbe = row.packets_out > 0 && row.packets_out <= PACKETS_OF_A_PROBE;
  return row.state === 'one-way' && isProbe && !ports.unanswered.has(row.app_name, row.dst_port);
}

/** Adds a flow to the hour of the host that began it. @param raised is called with each measure that has risen */
export function countAsClient(
  window: HostWindow,
  row: FlowRow,
  about: { readonly ports: PortRoles; readonly isServerInternal: boolean; readonly streams: StreamServers },
  raised: (measure: MeasureId) => void,
): void {
  const { ports, isServerInternal, streams } = about;
  const { dst_ip: server, dst_port: port, app_name: protocol, transport } = row;
  if (isForMany(server)) return;
  window.flows++;
  if (window.addMember('peers', server) > 0) raised('peers');
  if (hasFailed(row, ports)) {
    if (window.addToGroup('failed-peers-on-port', portWords(transport, port), server)) raised('failed-peers-on-port');
    const isService = port > 0 && port < FIRST_EPHEMERAL_PORT;
    if (isService && window.addToGroup('failed-ports-on-peer', server, port)) raised('failed-ports-on-peer');
    return;
  }
  addVolume(window, row, isServerInternal, raised);
  if (transport === 'icmp' || transport === 'icmpv6') {
    countIcmp(window, row, raised);
    return;
  }
  if (transport === 'tcp') countLogons(window, row, ports, raised);
  if (isServerInternal && isAnswered(row) && ports.administration.has(protocol, port)) {
    if (window.addMember('administered-peers', server) > 0) raised('administered-peers');
  }
  if (ports.mail.has(protocol, port) && transport === 'tcp') {
    window.add('mail-bytes', row.bytes_out);
    raised('mail-bytes');
    if (window.addMember('mail-servers', server) > 0) raised('mail-servers');
  }
  if (isServerInternal) return;
  if (ports.peerToPeer.has(protocol, port) && window.addMember('peer-to-peer-peers', server) > 0)
    raised('peer-to-peer-peers');
  if (ports.streaming.has(protocol, port) || streams.has(server)) countStream(window, row, raised);
}

/** Adds a flow to the hour of the host that was asked. */
export function countAsServer(
  window: HostWindow,
  row: FlowRow,
  { ports, isClientInternal }: { readonly ports: PortRoles; readonly isClientInternal: boolean },
  raised: (measure: MeasureId) => void,
): void {
  const { dst_port: port, transport } = row;
  if (isForMany(row.dst_ip)) return;
  window.flows++;
  if (window.addFor('requests', portWords(transport, port), 1)) raised('requests');
  if (transport === 'tcp' && isUnfinished(row)) {
    if (window.addFor('unfinished-requests', portWords(transport, port), 1)) raised('unfinished-requests');
    // A server that is merely off answers nobody; a scanner refuses the answer, and leaves nothing open.
    if (row.packets_in > 0 && (row.tcp_flags_out & RST) === 0) {
      window.addWith('half-open-requests', row.src_ip, 1);
      raised('half-open-requests');
    }
    return;
  }
  window.add('bytes-moved', row.bytes_in + row.bytes_out);
  raised('bytes-moved');
  if (isClientInternal) return;
  window.addWith('bytes-to-internet', row.src_ip, row.bytes_in);
  raised('bytes-to-internet');
  const amplifier = transport === 'udp' ? ports.amplifiers.get(port) : undefined;
  if (amplifier === undefined || row.bytes_in < LEAST_AMPLIFICATION * row.bytes_out) return;
  if (window.addFor('amplified-bytes', amplifier.title, row.bytes_in)) raised('amplified-bytes');
}

/** @returns whether both have spoken, and beyond the greeting of TCP */
export function isAnswered({ state, packets_in: answers, packets_out: asked }: FlowRow): boolean {
  return answers > 0 && asked > 0 && state !== 'rejected' && state !== 'new' && state !== 'one-way';
}

function addVolume(
  window: HostWindow,
  row: FlowRow,
  isServerInternal: boolean,
  raised: (measure: MeasureId) => void,
): void {
  window.add('bytes-moved', row.bytes_out + row.bytes_in);
  raised('bytes-moved');
  if (isServerInternal) {
    window.addWith('bytes-fetched', row.dst_ip, row.bytes_in);
    raised('bytes-fetched');
  } else {
    window.addWith('bytes-to-internet', row.dst_ip, row.bytes_out);
    raised('bytes-to-internet');
  }
}

/** A handshake that the server waits for in vain. */
function isUnfinished({ state, tcp_flags_out: flags }: FlowRow): boolean {
  return (state === 'one-way' || state === 'new') && (flags & SYN) !== 0 && (flags & ACK) === 0;
}

function countIcmp(window: HostWindow, row: FlowRow, raised: (measure: MeasureId) => void): void {
  const packets = row.packets_out + row.packets_in;
  const bytes = row.bytes_out + row.bytes_in;
  if (packets === 0 || bytes / packets < PLAIN_PING_BYTES) return;
  if (window.addFor('icmp-data-bytes', row.dst_ip, bytes)) raised('icmp-data-bytes');
}

function countLogons(window: HostWindow, row: FlowRow, ports: PortRoles, raised: (measure: MeasureId) => void): void {
  const { app_name: protocol, dst_port: port, bytes_out: sent, bytes_in: received } = row;
  if (!isAnswered(row) || received === 0 || !ports.logons.has(protocol, port)) return;
  if (sent + received > ports.refusedBytes) return;
  const service = protocol === 'unknown' ? portWords('tcp', port) : protocol;
  if (window.addFor('logon-attempts', `${service} on ${row.dst_ip}`, 1)) raised('logon-attempts');
}

function countStream(window: HostWindow, row: FlowRow, raised: (measure: MeasureId) => void): void {
  const lasted = row.end_time - row.time;
  if (lasted < LEAST_STREAM_MS || row.bytes_out > GREATEST_STREAM_SENT || row.bytes_in < LEAST_STREAM_RECEIVED) return;
  window.add('streamed-seconds', lasted / MS_PER_SECOND);
  raised('streamed-seconds');
}

const PORT_WORDS = new Map<number, string>();

/** Made once for each port: every flow that fails asks for it. */
export function portWords(transport: string, port: number): string {
  if (port === 0) return transport;
  if (transport !== 'tcp' && transport !== 'udp') return `${transport} port ${port}`;
  const key = transport === 'tcp' ? port : port + 65_536;
  let words = PORT_WORDS.get(key);
  if (words === undefined) {
    words = `${transport === 'tcp' ? 'TCP' : 'UDP'} port ${port}`;
    PORT_WORDS.set(key, words);
  }
  return words;
}
