import type { PatientSafetyClass, Severity } from '@sphinx/schema';
import type { Trigger } from './response.ts';

/** What a playbook may fit: an incident or a weakness, reduced to what triggers ask for. */
export interface Situation {
  readonly subject: Trigger['subject'];
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly stages: readonly string[];
  readonly assetKinds: readonly string[];
  readonly safetyClasses: readonly PatientSafetyClass[];
  readonly zones: readonly string[];
  /** Titles of alerts, or of the weakness. */
  readonly titles: readonly string[];
  readonly isKnownExploited: boolean;
  readonly hasFix: boolean;
}

export interface TriggerMatch {
  /** The higher, the more exactly the trigger speaks of the situation. */
  readonly specificity: number;
  /** Why it fits, in words, most exact first. */
  readonly reasons: readonly string[];
}

const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];
/** A technique says more than a stage; a device says more than a zone. */
const WEIGHTS = {
  technique: 4,
  words: 4,
  kind: 3,
  safety: 2,
  exploited: 2,
  stage: 1,
  zone: 1,
  severity: 0.5,
  fix: 0.5,
};

interface Part {
  readonly weight: number;
  readonly isMet: boolean;
  readonly reason: string;
}

/** @returns undefined where no trigger fits; of several that fit the most exact one counts */
export function matchTriggers(triggers: readonly Trigger[], situation: Situation): TriggerMatch | undefined {
  const matches = triggers.flatMap((trigger) => matchTrigger(trigger, situation) ?? []);
  return matches.toSorted((a, b) => b.specificity - a.specificity)[0];
}

function matchTrigger(trigger: Trigger, situation: Situation): TriggerMatch | undefined {
  if (trigger.subject !== situation.subject) return undefined;
  const parts = partsOf(trigger, situation);
  if (parts.some(({ isMet }) => !isMet)) return undefined;
  return {
    specificity: parts.reduce((sum, { weight }) => sum + weight, 0),
    reasons:
      parts.length === 0
        ? [`for every ${situation.subject}`]
        : parts.toSorted((a, b) => b.weight - a.weight).map(({ reason }) => reason),
  };
}

function partsOf(trigger: Trigger, situation: Situation): readonly Part[] {
  const { techniques, words, asset_kinds, safety_classes, stages, zones, least_severity } = trigger;
  const parts: (Part | undefined)[] = [
    listPart(techniques, situation.techniques, isSameTechnique, WEIGHTS.technique, 'technique'),
    listPart(words, situation.titles, isWordIn, WEIGHTS.words, 'the words'),
    listPart(asset_kinds, situation.assetKinds, isSame, WEIGHTS.kind, 'a device of the kind'),
    listPart(safety_classes, situation.safetyClasses, isSame, WEIGHTS.safety, 'a device of the safety class'),
    listPart(stages, situation.stages, isSame, WEIGHTS.stage, 'the stage'),
    listPart(zones, situation.zones, isSame, WEIGHTS.zone, 'the zone'),
    least_severity === undefined
      ? undefined
      : {
          weight: WEIGHTS.severity,
          isMet: SEVERITIES.indexOf(situation.severity) >= SEVERITIES.indexOf(least_severity),
          reason: `severity ${situation.severity}`,
        },
    flagPart(trigger.is_known_exploited, situation.isKnownExploited, WEIGHTS.exploited, 'attackers use it already'),
    flagPart(trigger.has_fix, situation.hasFix, WEIGHTS.fix, 'there is a fix'),
  ];
  return parts.filter((part) => part !== undefined);
}

function listPart(
  asked: readonly string[] | undefined,
  there: readonly string[],
  isFitting: (asked: string, there: string) => boolean,
  weight: number,
  what: string,
): Part | undefined {
  if (asked === undefined) return undefined;
  const found = asked.filter((each) => there.some((other) => isFitting(each, other)));
  // Two techniques of one playbook are a stronger sign than one; ten are not ten times as strong.
  const strength = found.length === 0 ? 0 : weight * (1 + Math.log2(found.length) / 2);
  return { weight: strength, isMet: found.length > 0, reason: `${what} ${found.slice(0, 4).join(', ')}` };
}

function flagPart(asked: boolean | undefined, is: boolean, weight: number, what: string): Part | undefined {
  if (asked === undefined) return undefined;
  return { weight, isMet: asked === is, reason: asked ? what : `not: ${what}` };
}

/** T1021 is also T1021.001. */
function isSameTechnique(asked: string, there: string): boolean {
  return asked === there || there.startsWith(`${asked}.`);
}

function isSame(asked: string, there: string): boolean {
  return asked === there;
}

function isWordIn(word: string, title: string): boolean {
  return title.toLowerCase().includes(word.toLowerCase());
}
