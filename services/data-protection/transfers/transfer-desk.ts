import { BlockList, isIP } from 'node:net';
import { type AssetPlaces, type Bus, isInternalAddress } from '@sphinx/platform';
import { type Conversation, createFact, type Detection, deterministicId } from '@sphinx/schema';
import type { CloudService } from './cloud-services.ts';
import { type DataPolicy, type DataRule, judgeTransfer, type Place } from './data-policy.ts';
import { personsOf, type Transfer } from './transfer.ts';
import type { JudgedTransfer, TransferStore } from './transfer-store.ts';

/** Generator number of what data protection finds; rules are 1, files 9. */
export const DATA_PROTECTION_GROUP = 20;
const MS_PER_HOUR = 3_600_000;
const SERVICE = 'data-protection';
/** Told once more after so many others: whoever takes detections knows them by their ids. */
const MAXIMUM_TOLD = 10_000;
const NOTHING = { identifiers: {}, records: {}, terms: 0 } as const;

/** What the desk works with. */
export interface TransferDeskParts {
  readonly store: TransferStore;
  readonly bus: Bus;
  readonly policy: DataPolicy;
  readonly places: AssetPlaces;
  readonly clinicalZones: ReadonlySet<string>;
  /** By their ids. */
  readonly services: ReadonlyMap<string, CloudService>;
  readonly quietHours: number;
  /** Public networks that are the hospital's, as CIDR. */
  readonly ownNetworks: readonly string[];
}

/** Judges transfers, keeps them, and tells of those that the policy forbids. */
export class TransferDesk {
  readonly #parts: TransferDeskParts;
  readonly #own = new BlockList();
  /** Detections of this run that were told already. */
  readonly #told = new Set<string>();

  constructor(parts: TransferDeskParts) {
    this.#parts = parts;
    for (const network of parts.ownNetworks) {
      const [address = '', bits = ''] = network.split('/');
      this.#own.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    }
  }

  async take(transfer: Transfer): Promise<void> {
    const judged = this.#judge(transfer);
    await this.#parts.store.save(judged.transfer);
    if (judged.rule !== undefined) await this.#tell(judged.transfer, judged.rule);
  }

  /** A clinical protocol between two hosts: kept only where the policy forbids it, since all care consists of it. */
  async takeConversation(conversation: Conversation): Promise<void> {
    const { protocol, isEncrypted, client, server, bytesToServer, bytesToClient } = conversation;
    if (isEncrypted || client.ip === undefined || server.ip === undefined) return;
    if (!this.#parts.policy.clinicalProtocols.includes(protocol)) return;
    const { source, sample: isSample, serverPort, transport, firstSeen, lastSeen, packet } = conversation;
    const isUp = bytesToServer >= bytesToClient;
    const transfer = {
      id: deterministicId('dtr', source, client.ip, server.ip, serverPort, transport, protocol),
      source,
      isSample,
      senderIp: isUp ? client.ip : server.ip,
      receiverIp: isUp ? server.ip : client.ip,
      serverPort,
      transport,
      protocol,
      receiverName: '',
      cloudService: null,
      counts: NOTHING,
      bytes: isUp ? bytesToServer : bytesToClient,
      firstSeen,
      lastSeen,
      packet,
    };
    // Who asks for data outside of care gets it as surely as who is sent it.
    const asked = { ...transfer, senderIp: transfer.receiverIp, receiverIp: transfer.senderIp };
    const forbidden = [transfer, asked].find((each) => this.#judge(each).rule !== undefined);
    if (forbidden !== undefined) await this.take(forbidden);
  }

  #judge(transfer: Transfer): { transfer: JudgedTransfer; rule: DataRule | undefined } {
    const { policy, services } = this.#parts;
    const places = { sender: this.#placeOf(transfer.senderIp), receiver: this.#placeOf(transfer.receiverIp) };
    const category = services.get(transfer.cloudService ?? '')?.category;
    const rule = judgeTransfer(policy, transfer, places, category);
    const thought = { rule: rule?.id ?? null, severity: rule?.severity ?? null };
    return { transfer: { ...transfer, senderPlace: places.sender, receiverPlace: places.receiver, ...thought }, rule };
  }

  #placeOf(ip: string): Place {
    const [place] = this.#parts.places.of(ip);
    if (place !== undefined && place.zone !== '') {
      return this.#parts.clinicalZones.has(place.zone) ? 'clinical' : 'not-clinical';
    }
    const isOwn = isInternalAddress(ip) || this.#own.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
    return isOwn ? 'unknown' : 'internet';
  }

  /** Once for the same ends and reason within the quiet hours, counted by the clock of the traffic. */
  async #tell(transfer: JudgedTransfer, rule: DataRule): Promise<void> {
    const { quietHours, bus } = this.#parts;
    const { senderIp, receiverIp, source, firstSeen } = transfer;
    const period = Math.floor(firstSeen / (quietHours * MS_PER_HOUR));
    const id = deterministicId('det', SERVICE, source, rule.id, senderIp, receiverIp, period);
    if (this.#told.has(id)) return;
    if (this.#told.size >= MAXIMUM_TOLD) this.#told.clear();
    this.#told.add(id);
    const data = this.#detection(id, transfer, rule);
    await bus.publish([createFact('detection.found', { key: id, time: data.time, source: SERVICE, data })]);
  }

  #detection(id: string, transfer: JudgedTransfer, rule: DataRule): Detection {
    const { policy } = this.#parts;
    const { senderIp, receiverIp, serverPort, transport, protocol, firstSeen, packet, isSample, counts } = transfer;
    const persons = personsOf(counts);
    return {
      id,
      rule: {
        gid: DATA_PROTECTION_GROUP,
        sid: rule.number,
        revision: 1,
        title: persons > 0 ? `${rule.title} (${persons === 1 ? 'one person' : `${persons} persons`})` : rule.title,
        set: SERVICE,
        class: 'policy-violation',
        category: rule.advice,
        references: policy.references.map(({ url }) => url),
        techniques: [...rule.techniques],
      },
      severity: rule.severity,
      source: { ip: senderIp, port: 0 },
      destination: { ip: receiverIp, port: serverPort },
      target: 'source',
      transport,
      protocol,
      time: firstSeen,
      packet,
      isSample,
    };
  }
}
