import type { StreamEvent } from '@sphinx/schema';
import { ACK, FIN, RST, SYN } from '../flow/transport-header.ts';
import { ConnectionEnd, isBefore } from './connection-end.ts';
import type { SegmentHead } from './segment-head.ts';

/** Different SYNs and SYN/ACKs for one connection that are no flood yet (Suricata: 10 and 5). */
const MAXIMUM_SYNS = 10;
const MAXIMUM_SYN_ACKS = 5;

/** RFC 9293 §3.3.2, seen from beside: `fin-wait-1` is entered where the server closes first, `close-wait` where the client does. */
type State =
  | 'none'
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'closing'
  | 'close-wait'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

/** What is told in a state of an acknowledgement, a place and a FIN that cannot be. */
interface Oddities {
  readonly acknowledgement: StreamEvent;
  readonly place?: StreamEvent;
  readonly fin?: StreamEvent;
  readonly repeated?: StreamEvent;
}

const ODDITIES: Readonly<Partial<Record<State, Oddities>>> = {
  established: {
    acknowledgement: 'est_invalid_ack',
    place: 'est_packet_out_of_window',
    fin: 'fin_out_of_window',
    repeated: 'est_pkt_before_last_ack',
  },
  'fin-wait-1': { acknowledgement: 'fin1_invalid_ack', place: 'fin1_ack_wrong_seq', fin: 'fin1_fin_wrong_seq' },
  'fin-wait-2': { acknowledgement: 'fin2_invalid_ack', place: 'fin2_ack_wrong_seq', fin: 'fin2_fin_wrong_seq' },
  closing: { acknowledgement: 'closing_invalid_ack', place: 'closing_ack_wrong_seq' },
  'close-wait': {
    acknowledgement: 'closewait_invalid_ack',
    place: 'closewait_ack_out_of_window',
    fin: 'closewait_fin_out_of_window',
    repeated: 'closewait_pkt_before_last_ack',
  },
  'last-ack': { acknowledgement: 'lastack_invalid_ack', place: 'lastack_ack_wrong_seq' },
  'time-wait': { acknowledgement: 'timewait_invalid_ack', place: 'timewait_ack_wrong_seq' },
};

/**
 * Follows how both ends of one TCP connection open it, talk and close it (RFC 9293 §3.10), and tells what is irregular, as
 * Suricata's stream engine does by its documentation and rules. What is irregular changes nothing that is known. Of a
 * connection whose opening was not seen nothing is told but FIN and RST.
 */
export class ConnectionWatch {
  #state: State = 'none';
  #stateBeforeReset: State = 'none';
  readonly #client = new ConnectionEnd();
  readonly #server = new ConnectionEnd();
  /** Both ends sent a SYN before either was answered. */
  #isSimultaneous = false;
  #syns = 0;
  #synAcks = 0;
  #tell: (event: StreamEvent) => void = () => {};

  /** @param tell takes what is irregular about the segment */
  segment(head: SegmentHead, tell: (event: StreamEvent) => void): void {
    this.#tell = tell;
    const { flags } = head;
    if ((flags & FIN) !== 0 && (flags & SYN) !== 0) tell('fin_syn');
    if ((flags & ACK) === 0 && head.acknowledgement !== 0) tell('pkt_broken_ack');
    if (this.#state === 'closed') this.#behindReset(head);
    this.#dispatch(head);
  }

  /** @returns whether bytes of an end that were never seen were acknowledged by the other one, up to a sequence number */
  hasAcknowledged(isOfClient: boolean, sequence: number): boolean {
    const end = isOfClient ? this.#client : this.#server;
    return this.#state !== 'none' && !isBefore(end.acknowledged, sequence);
  }

  #dispatch(head: SegmentHead): void {
    switch (this.#state) {
      case 'none':
        this.#begin(head);
        return;
      case 'syn-sent':
        this.#opening(head);
        return;
      case 'syn-received':
        this.#answered(head);
        return;
      case 'closed':
        return;
      default:
        this.#open(head);
    }
  }

  #begin(head: SegmentHead): void {
    const { flags } = head;
    if ((flags & RST) !== 0) this.#tell('rst_but_no_session');
    else if ((flags & FIN) !== 0) this.#tell('fin_but_no_session');
    else if ((flags & (SYN | ACK)) === SYN && head.isFromClient) {
      this.#client.open(head);
      this.#state = 'syn-sent';
    }
  }

  /** A SYN was seen, no answer. */
  #opening(head: SegmentHead): void {
    const { flags, isFromClient } = head;
    const client = this.#client;
    const { timestamp } = client;
    // Who shows no clock has none that could be repeated.
    const isEcho = head.timestamp === undefined || head.echo === 0 || head.echo === timestamp;
    if (!isFromClient && !isEcho) {
      this.#tell('pkt_invalid_timestamp');
      return;
    }
    if ((flags & RST) !== 0) {
      const isRight = isFromClient || head.acknowledgement === (client.initial + 1) >>> 0;
      if (isRight || head.acknowledgement === client.next) this.#reset(isFromClient);
      return;
    }
    if ((flags & SYN) === 0) return;
    if ((flags & ACK) !== 0) {
      if (isFromClient) this.#synAckOfClient(head);
      else this.#synAckOfServer(head);
    } else if (!isFromClient) {
      this.#isSimultaneous = true;
      this.#server.open(head);
    } else if (head.sequence !== client.initial) {
      this.#syns += 1;
      if (this.#syns > MAXIMUM_SYNS) this.#tell('3whs_syn_flood');
      client.open(head);
    }
  }

  #synAckOfServer(head: SegmentHead): void {
    const client = this.#client;
    const first = (client.initial + 1) >>> 0;
    const { acknowledgement } = head;
    if (acknowledgement !== first && acknowledgement !== client.next) {
      this.#tell('3whs_synack_with_wrong_ack');
      return;
    }
    // Data with the SYN (RFC 7413 §4) that the server did not take comes again.
    if (client.next !== first && acknowledgement === first) {
      this.#tell('3whs_synack_tfo_data_ignored');
      client.next = first;
    }
    this.#server.open(head);
    this.#server.send(head, client, this.#server.next, false);
    this.#state = 'syn-received';
  }

  #synAckOfClient(head: SegmentHead): void {
    const server = this.#server;
    if (!this.#isSimultaneous) {
      this.#tell('3whs_synack_in_wrong_direction');
      return;
    }
    if (head.acknowledgement !== (server.initial + 1) >>> 0) {
      this.#tell('4whs_synack_with_wrong_ack');
      return;
    }
    if (head.sequence !== this.#client.initial) {
      this.#tell('4whs_synack_with_wrong_syn');
      return;
    }
    this.#client.send(head, server, this.#client.next, false);
    this.#state = 'syn-received';
  }

  /** SYN and SYN/ACK were seen. */
  #answered(head: SegmentHead): void {
    const { flags, isFromClient } = head;
    if ((flags & RST) !== 0) {
      this.#resetIfRight(head);
      return;
    }
    if ((flags & SYN) !== 0) {
      this.#synWhileAnswered(head);
      return;
    }
    if ((flags & ACK) === 0) return;
    if (isFromClient) {
      this.#completed(head);
      return;
    }
    const { next, initial } = this.#client;
    if (this.#isSimultaneous) {
      if (head.sequence !== this.#server.next) {
        this.#tell('4whs_wrong_seq');
        return;
      }
      if (head.acknowledgement !== next) {
        this.#tell('4whs_invalid_ack');
        return;
      }
    } else if (head.length === 0 && (flags & FIN) === 0 && !isBefore((initial + 1) >>> 0, head.acknowledgement)) {
      this.#tell('3whs_ack_in_wrong_dir');
      return;
    }
    // The server goes on: it has got the acknowledgement, which was not seen.
    this.#state = 'established';
    this.#open(head);
  }

  #synWhileAnswered({ flags, isFromClient, sequence, acknowledgement }: SegmentHead): void {
    const [client, server] = [this.#client, this.#server];
    if ((flags & ACK) === 0) {
      if (!isFromClient) this.#tell('3whs_syn_toclient_on_syn_recv');
      else if (sequence !== client.initial) this.#tell('3whs_syn_resend_diff_seq_on_syn_recv');
    } else if (isFromClient) {
      if (!this.#isSimultaneous) this.#tell('3whs_synack_toserver_on_syn_recv');
    } else if (acknowledgement !== (client.initial + 1) >>> 0 && acknowledgement !== client.next) {
      this.#tell('3whs_synack_resend_with_different_ack');
    } else if (sequence !== server.initial) {
      this.#tell('3whs_synack_resend_with_diff_seq');
      this.#synAcks += 1;
      if (this.#synAcks > MAXIMUM_SYN_ACKS) this.#tell('3whs_synack_flood');
    }
  }

  /** The client acknowledges the SYN/ACK; what it has sent before may not have been seen. */
  #completed(head: SegmentHead): void {
    const { next, edge } = this.#client;
    const isInPlace = !isBefore(head.sequence, next) && (head.sequence === next || !isBefore(edge, head.sequence));
    if (head.acknowledgement !== this.#server.next) {
      this.#tell(isInPlace ? '3whs_right_seq_wrong_ack_evasion' : '3whs_wrong_seq_wrong_ack');
      return;
    }
    if (!isInPlace) return;
    this.#state = 'established';
    this.#open(head);
  }

  /** Both ends talk, or close. */
  #open(head: SegmentHead): void {
    const { flags, isFromClient } = head;
    const [sender, receiver] = isFromClient ? [this.#client, this.#server] : [this.#server, this.#client];
    if ((flags & RST) !== 0) {
      this.#resetIfRight(head);
      return;
    }
    if ((flags & SYN) !== 0) {
      this.#synWhileOpen(head);
      return;
    }
    if ((flags & ACK) === 0) return;
    if (sender.isTooOld(head)) {
      this.#tell('pkt_invalid_timestamp');
      return;
    }
    const odd = ODDITIES[this.#state];
    if (!receiver.mayBeAcknowledged(head.acknowledgement)) {
      this.#tell('pkt_invalid_ack');
      if (odd !== undefined) this.#tell(odd.acknowledgement);
      if (this.#state === 'established' && (flags & FIN) !== 0) this.#tell('fin_invalid_ack');
      return;
    }
    const end = (head.sequence + head.length + ((flags & FIN) !== 0 ? 1 : 0)) >>> 0;
    if (this.#isOutOfPlace(head, sender, end, odd)) return;
    sender.send(head, receiver, end, true);
    if ((flags & FIN) !== 0) sender.hasFinished = true;
    this.#move(isFromClient);
  }

  #isOutOfPlace(head: SegmentHead, sender: ConnectionEnd, end: number, odd: Oddities | undefined): boolean {
    const { sequence, length, flags } = head;
    const isFin = (flags & FIN) !== 0;
    // A byte or none right before what comes next asks whether the other end is still there (RFC 9293 §3.8.4).
    const isKeepAlive = length <= 1 && !isFin && sequence === (sender.next - 1) >>> 0;
    if (isKeepAlive) return false;
    this.#tellRepeated(head, sender, end);
    const room = isBefore(sender.edge, sender.next) ? sender.next : sender.edge;
    const isBeyond = isBefore(room, (sequence + length) >>> 0) && !(length === 1 && sequence === room);
    const isPast = isBefore(end, sender.acknowledged);
    if (isFin && !sender.hasFinished && (isBeyond || isPast)) {
      if (odd?.fin !== undefined) this.#tell(odd.fin);
      return true;
    }
    if (isBeyond && odd?.place !== undefined) this.#tell(odd.place);
    if (isPast && length > 0 && odd?.repeated !== undefined) this.#tell(odd.repeated);
    return isBeyond;
  }

  #tellRepeated({ sequence, length }: SegmentHead, sender: ConnectionEnd, end: number): void {
    if (length === 0) return;
    const { acknowledged, next } = sender;
    if (!isBefore(acknowledged, end)) this.#tell('pkt_spurious_retransmission');
    else if (isBefore(sequence, acknowledged) || !isBefore(next, end)) this.#tell('pkt_retransmission');
  }

  #synWhileOpen({ flags, isFromClient, sequence, acknowledgement }: SegmentHead): void {
    if (this.#state !== 'established') {
      this.#tell('shutdown_syn_resend');
      return;
    }
    const [client, server] = [this.#client, this.#server];
    if ((flags & ACK) === 0) {
      if (!isFromClient) this.#tell('est_syn_toclient');
      else this.#tell(sequence === client.initial ? 'est_syn_resend' : 'est_syn_resend_diff_seq');
    } else if (isFromClient) this.#tell('est_synack_toserver');
    else if (acknowledgement !== (client.initial + 1) >>> 0) this.#tell('est_synack_resend_with_different_ack');
    else this.#tell(sequence === server.initial ? 'est_synack_resend' : 'est_synack_resend_with_diff_seq');
  }

  #move(isFromClient: boolean): void {
    const [client, server] = [this.#client, this.#server];
    const isServerFinAcknowledged = server.hasFinished && !isBefore(server.acknowledged, server.next);
    switch (this.#state) {
      case 'established':
        if (client.hasFinished) this.#state = 'close-wait';
        else if (server.hasFinished) this.#state = 'fin-wait-1';
        return;
      case 'fin-wait-1':
        if (client.hasFinished) this.#state = isServerFinAcknowledged ? 'time-wait' : 'closing';
        else if (isServerFinAcknowledged) this.#state = 'fin-wait-2';
        return;
      case 'fin-wait-2':
        if (client.hasFinished) this.#state = 'time-wait';
        return;
      case 'closing':
        if (isServerFinAcknowledged) this.#state = 'time-wait';
        return;
      case 'close-wait':
        if (server.hasFinished) this.#state = 'last-ack';
        return;
      case 'last-ack':
        if (isFromClient && isServerFinAcknowledged) this.#state = 'closed';
        return;
      case 'time-wait':
        if (!isFromClient) this.#state = 'closed';
        return;
    }
  }

  #resetIfRight(head: SegmentHead): void {
    const { flags, isFromClient, sequence, acknowledgement } = head;
    const [sender, receiver] = isFromClient ? [this.#client, this.#server] : [this.#server, this.#client];
    const isInPlace =
      sequence === sender.next || (!isBefore(sequence, sender.acknowledged) && !isBefore(sender.edge, sequence));
    if (!isInPlace) return;
    if (sender.isTooOld(head)) {
      this.#tell('pkt_invalid_timestamp');
      return;
    }
    if ((flags & ACK) !== 0 && !receiver.mayBeAcknowledged(acknowledgement)) {
      this.#tell('rst_invalid_ack');
      return;
    }
    this.#reset(isFromClient);
  }

  #reset(isFromClient: boolean): void {
    (isFromClient ? this.#client : this.#server).hasReset = true;
    this.#stateBeforeReset = this.#state;
    this.#state = 'closed';
  }

  /** Who has reset a connection does not go on: somebody else sent the reset. */
  #behindReset({ flags, isFromClient }: SegmentHead): void {
    const sender = isFromClient ? this.#client : this.#server;
    if (!sender.hasReset || (flags & (RST | SYN)) !== 0) return;
    this.#tell('suspected_rst_inject');
    sender.hasReset = false;
    this.#state = this.#stateBeforeReset;
  }
}
