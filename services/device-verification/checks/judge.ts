import type { Asset, CheckOutcome, CheckResult } from '@sphinx/schema';
import type { Applicability, Check } from './check.ts';
import { type Observation, observe, type Subject } from './observation.ts';
import { patternOf } from './predicate.ts';
import { type Selector, type StatementSelector, sourceOf } from './selector.ts';

/** Kept per result, so that a host with thousands of peers does not make a verification unreadable. */
const EVIDENCE_PER_RESULT = 5;

/** Judges one check on one asset. Pure; the same subject gives the same result. */
export function judgeCheck(check: Check, subject: Subject): CheckResult {
  const applicability =
    appliesOn(check.appliesTo ?? {}, subject.occasion) ?? applies(check.appliesTo ?? {}, subject.asset);
  if (applicability !== 'applies') return resultOf(check, applicability.outcome, applicability.reason, []);
  const failing: Observation[] = [];
  const passing: Observation[] = [];
  for (const selector of check.looksAt) {
    const observations = observe(selector, subject);
    const bad = observations.filter((observation) => observation.isFailing === true);
    if (new Set(bad.map((observation) => observation.key)).size >= atLeastOf(selector)) failing.push(...bad);
    else passing.push(...bad);
    passing.push(...observations.filter((observation) => observation.isFailing === false));
  }
  if (failing.length > 0) return resultOf(check, 'fail', ...told(failing, failReason));
  for (const selector of check.passesOn ?? []) {
    passing.push(
      ...observe(selector, subject).filter(
        ({ isFailing }) => isFailing !== undefined && !(isFailing && 'failsIf' in selector),
      ),
    );
  }
  if (passing.length > 0) return resultOf(check, 'pass', ...told(passing, passReason));
  return resultOf(check, 'not-observed', `Nothing was seen that would show it. It takes ${wanted(check)}.`, []);
}

/** Two attributes may tell the same thing: a reader wants each statement once. */
function told(
  observations: readonly Observation[],
  reasonOf: (distinct: readonly Observation[]) => string,
): [reason: string, distinct: readonly Observation[]] {
  const distinct = [...Map.groupBy(observations, ({ statement }) => statement).values()].flatMap((same) => {
    const shown = same.find(({ packet }) => packet !== undefined) ?? same[0];
    return shown === undefined ? [] : [shown];
  });
  return [reasonOf(distinct), distinct];
}

type Applies = 'applies' | { readonly outcome: CheckOutcome; readonly reason: string };

function appliesOn({ occasions }: Applicability, occasion: Subject['occasion']): Applies | undefined {
  if (occasions === undefined || (occasion !== undefined && occasions.includes(occasion))) return undefined;
  return { outcome: 'not-applicable', reason: 'It is looked at on another occasion only.' };
}

function applies(to: Applicability, asset: Asset): Applies {
  const { kind, zone, patientSafetyClass } = asset.facts;
  if (to.exceptKinds !== undefined && kind !== undefined && patternOf(to.exceptKinds).test(kind.value)) {
    return { outcome: 'not-applicable', reason: `It does not concern a ${kind.value}.` };
  }
  if (to.kinds !== undefined) {
    if (kind === undefined) return { outcome: 'not-observed', reason: 'What kind of device this is, is not known.' };
    if (!patternOf(to.kinds).test(kind.value)) {
      return { outcome: 'not-applicable', reason: `It does not concern a ${kind.value}.` };
    }
  }
  if (to.safetyClasses !== undefined) {
    if (patientSafetyClass === undefined) {
      return { outcome: 'not-observed', reason: 'What this device does for patients is not known.' };
    }
    if (!to.safetyClasses.some((safetyClass) => safetyClass === patientSafetyClass.value)) {
      return { outcome: 'not-applicable', reason: `It does not concern devices of class ${patientSafetyClass.value}.` };
    }
  }
  if (to.zones !== undefined) {
    if (zone === undefined) return { outcome: 'not-observed', reason: 'The network zone of this asset is not known.' };
    if (!patternOf(to.zones).test(zone.value)) {
      return { outcome: 'not-applicable', reason: `It does not concern the zone ${zone.value}.` };
    }
  }
  return appliesToProtocols(to, asset);
}

function appliesToProtocols(to: Applicability, asset: Asset): Applies {
  const offered = (protocols: readonly string[]) =>
    asset.services.some((service) => protocols.includes(service.protocol)) ||
    asset.evidence.some((item) => item.role === 'server' && protocols.includes(item.protocol));
  const used = (protocols: readonly string[]) =>
    asset.peers.some((peer) => peer.direction === 'outgoing' && protocols.includes(peer.protocol)) ||
    asset.evidence.some((item) => item.role === 'client' && protocols.includes(item.protocol));
  const missing = (verb: string, protocols: readonly string[]): Applies => ({
    outcome: 'not-applicable',
    reason: `As far as seen, it does not ${verb} ${protocols.join(', ')}.`,
  });
  if (to.offers !== undefined && !offered(to.offers)) return missing('offer', to.offers);
  if (to.uses !== undefined && !used(to.uses)) return missing('use', to.uses);
  if (to.speaks !== undefined && !offered(to.speaks) && !used(to.speaks)) return missing('speak', to.speaks);
  return 'applies';
}

function atLeastOf(selector: Selector): number {
  return 'atLeast' in selector ? (selector.atLeast ?? 1) : 1;
}

function resultOf(
  check: Check,
  outcome: CheckOutcome,
  reason: string,
  observations: readonly Observation[],
): CheckResult {
  return {
    checkId: check.id,
    title: check.title,
    checkVersion: check.version,
    outcome,
    severity: check.severity,
    reason,
    remedy: check.remedy,
    references: check.references.map(({ title, url }) => (url === undefined ? { title } : { title, url })),
    evidence: observations.slice(0, EVIDENCE_PER_RESULT).map(({ statement, attribute, value, packet, time }) => ({
      statement,
      ...(attribute === undefined ? {} : { attribute }),
      ...(value === undefined ? {} : { value }),
      ...(packet === undefined ? {} : { packet }),
      time,
    })),
  };
}

function failReason(failing: readonly Observation[]): string {
  const [first] = failing;
  const statement = first === undefined ? '' : capitalise(first.statement);
  return failing.length > 1 ? `${statement}; and ${failing.length - 1} more like it.` : `${statement}.`;
}

function passReason(passing: readonly Observation[]): string {
  const [first] = passing;
  const seen = first === undefined ? '' : first.statement;
  return passing.length > 1
    ? `${passing.length} observations were judged and none fails, among them: ${seen}.`
    : `Judged on one observation, which does not fail: ${seen}.`;
}

/** What would have to be seen, for the person who wonders why a check has no answer. */
function wanted(check: Check): string {
  const names = [...check.looksAt, ...(check.passesOn ?? [])].map((selector) => {
    if ('evidence' in selector) return [selector.evidence].flat().join(' or ');
    if ('peer' in selector)
      return `conversations${selector.peer.protocol === undefined ? '' : ` in ${selector.peer.protocol.join(', ')}`}`;
    if ('service' in selector)
      return `services${selector.service.protocol === undefined ? '' : ` of ${selector.service.protocol.join(', ')}`}`;
    if ('conflict' in selector) return 'claims of addresses and names';
    if ('fact' in selector) return `the ${selector.fact} of the asset`;
    if ('stated' in selector) return statementWanted(selector);
    if ('component' in selector) return 'a list of its software';
    if ('weakness' in selector) return 'an assessment of its weaknesses';
    if ('sighting' in selector) return 'traffic of the asset';
    if ('change' in selector) return 'an earlier certificate to compare with';
    if (selector.in === 'software-list') return 'a list of its software with versions';
    return 'a banner that names software and version';
  });
  return [...new Set(names)].join('; or ');
}

function statementWanted(selector: StatementSelector): string {
  const questions = [selector.stated].flat().join(' or ');
  return sourceOf(selector) === 'documents'
    ? `an answer of the manufacturer to ${questions} (MDS2)`
    : `a declaration of a person (${questions})`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
