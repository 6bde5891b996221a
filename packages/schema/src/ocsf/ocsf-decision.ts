import type { Fact } from '../event.ts';
import type { RiskLevel } from '../risk.ts';
import { createOcsfEvent, type OCSF_SEVERITIES, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

const SEVERITY_OF: Readonly<Record<RiskLevel, keyof typeof OCSF_SEVERITIES>> = {
  'very-low': 'informational',
  low: 'low',
  moderate: 'medium',
  high: 'high',
  'very-high': 'critical',
};

/** Risk became another. OCSF has no class for a change of risk: Base Event, so that nobody takes it for a detection. */
export function riskChanged({ time, data }: Fact<'risk.changed'>, origin: OcsfOrigin): OcsfEvent {
  const { name, now, before, reason } = data;
  const was = before === null ? '' : ` (was ${before.level.replace('-', ' ')})`;
  return createOcsfEvent('base_event', {
    activity: [99, 'Risk Change'],
    time,
    message: `Risk of ${name} is ${now.level.replace('-', ' ')}${was}${reason === '' ? '' : `: ${reason}`}`,
    severity: SEVERITY_OF[now.level],
    origin,
    attributes: {},
  });
}

/** A person chose a course of action: Base Event. */
export function decisionMade({ time, data }: Fact<'decision.made'>, origin: OcsfOrigin): OcsfEvent {
  const { subject, course, by } = data;
  return createOcsfEvent('base_event', {
    activity: [99, 'Decision'],
    time,
    message: `${by} chose "${course.title}" for ${subject.name}: ${subject.title}`,
    origin,
    attributes: {},
  });
}

/** Decision support asks what the model of risk has to offer: Base Event. */
export function measuresRequested({ time, data }: Fact<'measures.requested'>, origin: OcsfOrigin): OcsfEvent {
  const message = `Measures for ${data.subject.kind} ${data.subject.id} are wanted`;
  return createOcsfEvent('base_event', { activity: [99, 'Request'], time, message, origin, attributes: {} });
}

/** Measures were tried on the model of risk: Base Event. */
export function measuresEvaluated({ time, data }: Fact<'measures.evaluated'>, origin: OcsfOrigin): OcsfEvent {
  const message = `${data.options.length} combinations of measures for ${data.subject.kind} ${data.subject.id}`;
  return createOcsfEvent('base_event', { activity: [99, 'Evaluation'], time, message, origin, attributes: {} });
}

/** A care area needs something else than before, or does something else for patients: Base Event. */
export function careChanged({ time, data }: Fact<'care.changed'>, origin: OcsfOrigin): OcsfEvent {
  const { area, services } = data;
  const titles = services.map(({ title }) => title).join(', ');
  return createOcsfEvent('base_event', {
    activity: [99, 'Care Map Change'],
    time,
    message: `Care area ${area === '' ? 'not stated' : area}: ${titles === '' ? 'no clinical service any more' : titles}`,
    origin,
    attributes: {},
  });
}

/** A hospital took a playbook in, or gave it up: Base Event. */
export function playbookChanged(
  { type, time, data }: Fact<'playbook.kept' | 'playbook.removed'>,
  origin: OcsfOrigin,
): OcsfEvent {
  return createOcsfEvent('base_event', {
    activity: [99, type === 'playbook.kept' ? 'Keep Playbook' : 'Remove Playbook'],
    time,
    message: `${data.by} ${type === 'playbook.kept' ? 'took in' : 'removed'} ${data.playbookId}`,
    origin,
    attributes: {},
  });
}
