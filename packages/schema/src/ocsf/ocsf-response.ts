import type { Fact } from '../event.ts';
import { createOcsfEvent, type OcsfActivity, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

export type ResponseFactType =
  | 'response.planned'
  | 'response.approval-asked'
  | 'response.approved'
  | 'response.refused'
  | 'response.started'
  | 'response.step-done'
  | 'response.finished'
  | 'response.undone';

const ACTIVITIES: Readonly<Record<ResponseFactType, OcsfActivity>> = {
  'response.planned': [99, 'Plan'],
  'response.approval-asked': [99, 'Ask for Approval'],
  'response.approved': [99, 'Approve'],
  'response.refused': [99, 'Refuse'],
  'response.started': [99, 'Start'],
  'response.step-done': [99, 'Step'],
  'response.finished': [99, 'Finish'],
  'response.undone': [3, 'Restore'],
};
/** `status_id` of Remediation Activity. */
const SUCCESS = { status_id: 1, status: 'Success' } as const;
const FAILURE = { status_id: 2, status: 'Failure' } as const;

/** A run of a playbook goes on: Remediation Activity. */
export function responseTold(fact: Fact<ResponseFactType>, origin: OcsfOrigin): OcsfEvent {
  const { runId, playbook, subject, step, summary, outcome } = fact.data;
  const isFailed = step?.outcome === 'failed' || step?.outcome === 'undo-failed' || outcome === 'failed';
  return createOcsfEvent('remediation_activity', {
    activity: ACTIVITIES[fact.type],
    time: fact.time,
    message: `${playbook.name} for ${subject.name}: ${summary}`,
    severity: isFailed ? 'high' : 'informational',
    origin,
    attributes: { ...(isFailed ? FAILURE : SUCCESS), command_uid: step?.id ?? runId },
  });
}
