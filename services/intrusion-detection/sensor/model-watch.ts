import type { DetectionModel } from '@sphinx/learning';
import { deterministicId } from '@sphinx/schema';
import { FlowFeatureReader, type InspectedFlowState } from '@sphinx/wire';
import { FlowJudge, type FlowJudgement } from '../models/flow-judge.ts';
import type { RuleFinding } from './finding.ts';

/** Group of detections that models make; rules of Suricata have 1, YARA rules another. */
export const MODEL_GROUP = 9100;
const MICROS_PER_MS = 1000;
/** One detection for a pair of hosts in so long, in the time of the packets: a scan is one detection, not thousands. */
const QUIET_MICROS = 60_000_000;
/** Pairs that are remembered; then they are forgotten all at once. */
const MAXIMUM_PAIRS = 20_000;

/** Judges each flow that ends. */
export class ModelWatch {
  readonly #reader = new FlowFeatureReader();
  readonly #judge: FlowJudge;
  readonly #source: string;
  readonly #title: string;
  #toldOf = new Map<string, number>();

  /** @param name how the model is called in the settings; its detections bear it */
  constructor(model: DetectionModel, name: string, source: string) {
    this.#judge = new FlowJudge(model);
    this.#title = name;
    this.#source = source;
  }

  /** @returns a detection where the flow looks like an attack and its hosts were quiet for a minute */
  flowEnded(flow: InspectedFlowState): RuleFinding | undefined {
    if (flow.transport !== 'tcp' && flow.transport !== 'udp' && flow.transport !== 'icmp') return undefined;
    const features = this.#reader.read(flow);
    const probability = this.#judge.probabilityOf(features);
    // Reasons cost more than the judgement: in a flood they are found once a minute.
    if (probability === 0 || !this.#isNews(flow)) return undefined;
    return { kind: 'detection', detection: this.#describe(flow, this.#judge.explain(features, probability)) };
  }

  #isNews({ clientIp, serverIp, lastMicros }: InspectedFlowState): boolean {
    const pair = `${clientIp} ${serverIp}`;
    const before = this.#toldOf.get(pair);
    if (before !== undefined && Math.abs(lastMicros - before) < QUIET_MICROS) return false;
    if (this.#toldOf.size >= MAXIMUM_PAIRS) this.#toldOf = new Map();
    this.#toldOf.set(pair, lastMicros);
    return true;
  }

  #describe(
    flow: InspectedFlowState,
    { probability, kind, reasons, features }: FlowJudgement,
  ): RuleFinding['detection'] {
    const time = Math.floor(flow.firstMicros / MICROS_PER_MS);
    const [source, destination] = [
      { ip: flow.clientIp, port: flow.clientPort },
      { ip: flow.serverIp, port: flow.serverPort },
    ];
    const id = deterministicId(
      'det',
      this.#source,
      MODEL_GROUP,
      this.#title,
      flow.firstPacketNumber,
      source.ip,
      source.port,
      destination.ip,
      destination.port,
    );
    return {
      id,
      rule: {
        gid: MODEL_GROUP,
        sid: 1,
        revision: 1,
        title: `Looks like an attack (${kind})`,
        set: `model:${this.#title}`,
        class: 'machine-learning',
        category: kind,
        references: [],
        techniques: [],
      },
      severity: 'medium',
      source,
      destination,
      target: 'destination',
      transport: flow.transport,
      protocol: flow.protocol ?? null,
      time,
      packet: { source: this.#source, number: flow.firstPacketNumber, time },
      model: { name: this.#title, probability, reasons: [...reasons], features: { ...features } },
    };
  }
}
