import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@sphinx/platform';
import { type Asset, deterministicId, type Fact, PatientSafetyClass, type Verification } from '@sphinx/schema';
import type { Actuator } from './actuators/actuator.ts';
import type { AccessPolicy, Device } from './decision/access-policy.ts';
import { decideAccess, isSame } from './decision/decide.ts';
import type { AccessGateSettings } from './manifest.ts';
import type { AccessAnswer, AccessRequest } from './radius/server.ts';
import { type DecisionRecord, type GateStore, recordOf } from './store.ts';

type ConsumedFact = Fact<'asset.discovered' | 'asset.updated' | 'asset.merged' | 'asset.removed' | 'verdict.issued'>;

/** Keeps what is known of devices, decides when a verdict changes and when a switch asks, and puts each decision on record. */
export class Gate {
  readonly #store: GateStore;
  readonly #policy: AccessPolicy;
  readonly #settings: AccessGateSettings;
  readonly #actuators: readonly Actuator[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #audit: (record: DecisionRecord) => Promise<void>;
  readonly #onChange: () => void;

  constructor(options: {
    store: GateStore;
    policy: AccessPolicy;
    settings: AccessGateSettings;
    actuators: readonly Actuator[];
    clock: Clock;
    logger: Logger;
    audit: (record: DecisionRecord) => Promise<void>;
    onChange: () => void;
  }) {
    this.#store = options.store;
    this.#policy = options.policy;
    this.#settings = options.settings;
    this.#actuators = options.actuators;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#audit = options.audit;
    this.#onChange = options.onChange;
  }

  /** Takes facts in their order. */
  async handle(facts: readonly ConsumedFact[]): Promise<void> {
    for (const fact of facts) {
      switch (fact.type) {
        case 'asset.discovered':
        case 'asset.updated':
          await this.#store.saveDevice(deviceOf(fact.data, await this.#store.device(fact.data.id)));
          break;
        case 'asset.merged':
          await this.#store.removeDevice(fact.data.mergedAssetId);
          break;
        case 'asset.removed':
          await this.#store.removeDevice(fact.data.assetId);
          break;
        case 'verdict.issued':
          await this.#followVerdict(fact.data);
      }
    }
  }

  /** Answers a switch that asks whether an address may come in. */
  async answer({ mac, client }: AccessRequest): Promise<AccessAnswer> {
    const device = await this.#store.deviceOfMac(mac);
    const decision = decideAccess(device, this.#policy, this.#settings);
    const about = { id: `acc_${randomUUID()}`, time: this.#clock.now(), mac, client, faults: [] };
    await this.#record(recordOf(decision, about, device));
    const { answer, vlan } = decision.done;
    return { isAccepted: answer === 'accept', vlan, message: decision.reasons.join(' ') };
  }

  /** What would be answered now, without noting it. */
  async preview(mac: string): Promise<ReturnType<typeof decideAccess>> {
    return decideAccess(await this.#store.deviceOfMac(mac), this.#policy, this.#settings);
  }

  /** A decision is made anew when the verdict asks for other than before; the same again needs nobody. */
  async #followVerdict(verification: Verification): Promise<void> {
    const { assetId, verdict, id: verificationId, isSample, time } = verification;
    const known = await this.#store.device(assetId);
    // Generated traffic is nobody's device.
    if (known === undefined || isSample) return;
    const device: Device = { ...known, verdict, verificationId };
    await this.#store.saveDevice(device);
    const decision = decideAccess(device, this.#policy, this.#settings);
    const last = await this.#store.lastOfVerdict(assetId);
    if (last !== undefined && isSame(last.asked, decision.asked) && isSame(last.done, decision.done)) return;
    const id = deterministicId('acc', assetId, verificationId);
    const faults: string[] = [];
    for (const actuator of this.#actuators) {
      try {
        await actuator.apply({ id, time, device, decision });
      } catch (error) {
        const reason = `${actuator.name}: ${error instanceof Error ? error.message : String(error)}`;
        faults.push(reason);
        this.#logger.error('A decision of the gate could not be carried out', { assetId, reason });
      }
    }
    await this.#record(recordOf(decision, { id, time, mac: '', client: '', faults }, device));
  }

  async #record(record: DecisionRecord): Promise<void> {
    await this.#store.saveDecision(record);
    await this.#audit(record);
    this.#onChange();
  }
}

function deviceOf({ id, name, macs, ips, facts }: Asset, known: Device | undefined): Device {
  const safetyClass = PatientSafetyClass.safeParse(facts.patientSafetyClass?.value).data;
  return {
    assetId: id,
    name,
    macs: macs.map((mac) => mac.toLowerCase()),
    ips,
    safetyClass,
    verdict: known?.verdict,
    verificationId: known?.verificationId,
  };
}
