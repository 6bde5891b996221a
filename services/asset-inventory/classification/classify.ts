import type { AssetFact, AssetFactName, AssetPeer, AssetService, HostEvidence } from '@sphinx/schema';
import type { IdentificationKnowledge } from './load-knowledge.ts';
import { macVendorOf } from './mac-vendor.ts';
import { observedFacts, ownEvidence } from './observed-facts.ts';
import type { Condition, DeviceProfile } from './profile.ts';

/** Below this nothing is said: a guess must not look like a fact. */
const MINIMUM_CONFIDENCE = 0.4;
/** What follows from the kind is a little less sure than the kind. */
const DERIVED_SHARE = 0.9;
/** The usual zone of a kind is only that. */
const USUAL_ZONE_CONFIDENCE = 0.4;
const MAXIMUM_EVIDENCE = 6;

/** What is known of an asset before it is classified. */
export interface ClassificationInput {
  readonly macs: readonly string[];
  readonly evidence: readonly HostEvidence[];
  readonly services: readonly AssetService[];
  readonly peers: readonly AssetPeer[];
  /** Zone that the settings give to its address. */
  readonly zone: string | undefined;
  /** What people said; `null` where they said that it is not known. */
  readonly stated: Readonly<Partial<Record<AssetFactName, AssetFact | null>>>;
}

export type AssetFacts = Partial<Record<AssetFactName, AssetFact>>;
type EvidenceLine = AssetFact['evidence'][number];

interface Support {
  readonly value: string;
  readonly confidence: number;
  readonly profile: DeviceProfile & { readonly version: string };
  readonly evidence: readonly EvidenceLine[];
}

/** Profiles compiled for many assets. */
export class Classifier {
  readonly #knowledge: IdentificationKnowledge;
  /** What must have been seen for a rule to be worth a look → profiles that have such a rule. */
  readonly #profilesByTrigger: ReadonlyMap<string, readonly CompiledProfile[]>;

  constructor(knowledge: IdentificationKnowledge) {
    this.#knowledge = knowledge;
    const profiles = knowledge.profiles.map((profile, order) => ({
      profile,
      order,
      rules: profile.rules.map(({ when, confidence }) => ({ confidence, conditions: when.map(compileCondition) })),
    }));
    const byTrigger = new Map<string, CompiledProfile[]>();
    for (const compiled of profiles) {
      for (const trigger of new Set(compiled.profile.rules.map(({ when }) => triggerOf(when)))) {
        byTrigger.set(trigger, [...(byTrigger.get(trigger) ?? []), compiled]);
      }
    }
    this.#profilesByTrigger = byTrigger;
  }

  /**
   * Facts with confidence and evidence. Profiles that agree strengthen each other: 1 − ∏(1 − cᵢ), the noisy-or of
   * independent witnesses (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, §4.3.2).
   */
  classify(input: ClassificationInput): AssetFacts {
    const subject = arrange(input);
    const supports = new Map<AssetFactName, Support[]>();
    for (const compiled of this.#candidatesFor(subject)) collectSupport(compiled, subject, supports);
    const facts: AssetFacts = {};
    for (const [name, list] of supports) {
      const fact = decide(list);
      if (fact !== undefined) facts[name] = fact;
    }
    for (const [name, fact] of Object.entries(observedFacts(input.evidence)) as [AssetFactName, AssetFact][]) {
      if ((facts[name]?.confidence ?? 0) <= fact.confidence) facts[name] = fact;
    }
    const known = applyStated(facts, input.stated);
    return applyStated({ ...known, ...this.#derivedFacts(known, input.zone) }, input.stated);
  }

  /** Profiles of which some rule may hold, in the order of the knowledge. */
  #candidatesFor(subject: Subject): CompiledProfile[] {
    const candidates = new Set<CompiledProfile>();
    const seen = [
      ...subject.byAttribute.keys(),
      ...(subject.vendors.length === 0 ? [] : [VENDOR_TRIGGER]),
      ...subject.services.map(({ protocol }) => `service ${protocol}`),
      ...[...subject.uses].map((protocol) => `uses ${protocol}`),
    ];
    for (const trigger of seen) {
      for (const compiled of this.#profilesByTrigger.get(trigger) ?? []) candidates.add(compiled);
    }
    return [...candidates].sort((left, right) => left.order - right.order);
  }

  #derivedFacts(facts: AssetFacts, zone: string | undefined): AssetFacts {
    const derived: AssetFacts = {};
    const { kind: kindFact } = facts;
    const kind = kindFact === undefined ? undefined : this.#knowledge.kinds.get(kindFact.value);
    if (kind !== undefined && kindFact !== undefined) {
      const follows = (value: string, confidence: number): AssetFact => ({
        value,
        confidence: round(confidence),
        origin: { kind: 'profile', reference: `asset-kinds/${kind.id}` },
        evidence: [{ attribute: 'kind', value: kind.id }],
      });
      derived.clinicalFunction = follows(kind.clinicalFunction, kindFact.confidence * DERIVED_SHARE);
      derived.patientSafetyClass = follows(kind.patientSafetyClass, kindFact.confidence * DERIVED_SHARE);
      derived.zone = facts.zone ?? follows(kind.zone, kindFact.confidence * USUAL_ZONE_CONFIDENCE);
    }
    if (zone !== undefined) {
      const origin = { kind: 'manual', reference: 'settings: network zones' } as const;
      derived.zone = { value: zone, confidence: 1, origin, evidence: [] };
    }
    return derived;
  }
}

/** People know better than the wire, also where they know that nobody knows. */
function applyStated(facts: AssetFacts, stated: ClassificationInput['stated']): AssetFacts {
  const result: AssetFacts = { ...facts };
  for (const [name, fact] of Object.entries(stated) as [AssetFactName, AssetFact | null][]) {
    if (fact === null) delete result[name];
    else result[name] = fact;
  }
  return result;
}

interface Subject {
  readonly all: readonly HostEvidence[];
  readonly byAttribute: ReadonlyMap<string, readonly HostEvidence[]>;
  readonly vendors: readonly string[];
  readonly services: readonly AssetService[];
  readonly uses: ReadonlySet<string>;
}

interface Match {
  readonly evidence: readonly EvidenceLine[];
  readonly groups: Readonly<Record<string, string>>;
}

type CompiledCondition = (subject: Subject) => Match | undefined;

interface CompiledProfile {
  readonly order: number;
  readonly profile: DeviceProfile & { readonly version: string };
  readonly rules: readonly { readonly confidence: number; readonly conditions: readonly CompiledCondition[] }[];
}

/** Almost every host has a card of a known maker, so another condition of the rule tells more. */
const VENDOR_TRIGGER = 'vendor';

/** @returns what must have been seen before a rule can hold */
function triggerOf(when: readonly Condition[]): string {
  const triggers = when.map((condition) => {
    if ('vendor' in condition) return VENDOR_TRIGGER;
    if ('service' in condition) return `service ${condition.service}`;
    if ('uses' in condition) return `uses ${condition.uses}`;
    return 'several' in condition ? condition.several : condition.evidence;
  });
  return triggers.find((trigger) => trigger !== VENDOR_TRIGGER) ?? VENDOR_TRIGGER;
}

function arrange({ macs, evidence, services, peers }: ClassificationInput): Subject {
  return {
    all: evidence,
    byAttribute: Map.groupBy(ownEvidence(evidence), ({ attribute }) => attribute),
    vendors: macs.map(macVendorOf).filter((vendor) => vendor !== undefined),
    services,
    uses: new Set(
      peers
        .filter(({ direction, isAnswered }) => direction === 'outgoing' && isAnswered)
        .map(({ protocol }) => protocol),
    ),
  };
}

function compileCondition(condition: Condition): CompiledCondition {
  if ('vendor' in condition) {
    const pattern = new RegExp(condition.vendor, 'iu');
    return ({ vendors }) => {
      const vendor = vendors.find((name) => pattern.test(name));
      return vendor === undefined
        ? undefined
        : { evidence: [{ attribute: 'mac.vendor', value: vendor }], groups: groupsOf(pattern.exec(vendor)) };
    };
  }
  if ('service' in condition) {
    const { service, port } = condition;
    return ({ services }) => {
      const found = services.find((item) => item.protocol === service && (port === undefined || item.port === port));
      return found === undefined
        ? undefined
        : { evidence: [{ attribute: 'service', value: `${service} on ${found.transport}/${found.port}` }], groups: {} };
    };
  }
  if ('several' in condition) {
    const { several: attribute, role } = condition;
    return ({ all }) => {
      const items = all.filter((item) => item.attribute === attribute && (role === undefined || item.role === role));
      if (new Set(items.map(({ value }) => value)).size < 2) return undefined;
      const evidence = items.slice(0, 2).map(({ value, packet }) => ({ attribute, value, packet }));
      return { evidence, groups: {} };
    };
  }
  if ('uses' in condition) {
    const { uses } = condition;
    return (subject) =>
      subject.uses.has(uses) ? { evidence: [{ attribute: 'uses', value: uses }], groups: {} } : undefined;
  }
  const { evidence: attribute, role, port, matches } = condition;
  const pattern = new RegExp(matches ?? '', 'iu');
  return ({ byAttribute }) => {
    for (const item of byAttribute.get(attribute) ?? []) {
      if ((role !== undefined && item.role !== role) || (port !== undefined && item.port !== port)) continue;
      const match = pattern.exec(item.value);
      if (match === null) continue;
      return { evidence: [{ attribute, value: item.value, packet: item.packet }], groups: groupsOf(match) };
    }
    return undefined;
  };
}

function groupsOf(match: RegExpExecArray | null): Record<string, string> {
  return Object.fromEntries(Object.entries(match?.groups ?? {}).filter(([, value]) => value !== undefined));
}

/** Adds what the strongest rule of a profile that holds says. */
function collectSupport(
  { profile, rules }: CompiledProfile,
  subject: Subject,
  supports: Map<AssetFactName, Support[]>,
): void {
  let best: { confidence: number; matches: Match[] } | undefined;
  for (const { confidence, conditions } of rules) {
    if (best !== undefined && best.confidence >= confidence) continue;
    const matches = matchAll(conditions, subject);
    if (matches !== undefined) best = { confidence, matches };
  }
  if (best === undefined) return;
  const groups = Object.assign({}, ...best.matches.map((match) => match.groups)) as Record<string, string>;
  const evidence = best.matches.flatMap((match) => match.evidence);
  for (const [name, template] of Object.entries(profile.asserts) as [AssetFactName, string][]) {
    const value = fillTemplate(template, groups);
    if (value === undefined) continue;
    const list = supports.get(name) ?? [];
    list.push({ value, confidence: best.confidence, profile, evidence });
    supports.set(name, list);
  }
}

function matchAll(conditions: readonly CompiledCondition[], subject: Subject): Match[] | undefined {
  const matches: Match[] = [];
  for (const condition of conditions) {
    const match = condition(subject);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  return matches;
}

/** @returns undefined when a part that the template needs was not seen */
function fillTemplate(template: string, groups: Readonly<Record<string, string>>): string | undefined {
  let isComplete = true;
  const value = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const group = groups[name]?.trim();
    if (group === undefined || group === '') isComplete = false;
    return group ?? '';
  });
  return isComplete ? value : undefined;
}

function decide(supports: readonly Support[]): AssetFact | undefined {
  const byValue = Map.groupBy(supports, ({ value }) => value);
  let best: { confidence: number; supports: readonly Support[] } | undefined;
  for (const list of byValue.values()) {
    const confidence = 1 - list.reduce((doubt, support) => doubt * (1 - support.confidence), 1);
    if (best === undefined || confidence > best.confidence) best = { confidence, supports: list };
  }
  if (best === undefined || best.confidence < MINIMUM_CONFIDENCE) return undefined;
  const ordered = [...best.supports].sort((left, right) => right.confidence - left.confidence);
  const [strongest] = ordered;
  if (strongest === undefined) return undefined;
  const { id, version } = strongest.profile;
  return {
    value: strongest.value,
    confidence: round(Math.min(0.99, best.confidence)),
    origin: { kind: 'profile', reference: id, version },
    evidence: distinct(ordered.flatMap(({ evidence }) => evidence)).slice(0, MAXIMUM_EVIDENCE),
  };
}

function distinct(lines: readonly EvidenceLine[]): EvidenceLine[] {
  return [...new Map(lines.map((line) => [`${line.attribute}|${line.value}`, line])).values()];
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
