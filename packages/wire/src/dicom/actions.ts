import type { CommandSet } from './command-set.ts';

type Names = Readonly<Record<number, string>>;

/** What a SOP class calls its actions (N-ACTION) and events (N-EVENT-REPORT). */
interface Vocabulary {
  readonly actions?: Names;
  readonly events?: Names;
}

const UID = '1.2.840.10008.';
/** PS3.4 CC.2.1 to CC.2.4: all of its SOP classes share them. */
const UNIFIED_PROCEDURE_STEP = `${UID}5.1.4.34.6.`;
const PROCEDURE_STEP: Vocabulary = {
  actions: {
    1: 'change state',
    2: 'request cancellation',
    3: 'subscribe',
    4: 'unsubscribe',
    5: 'suspend subscription',
  },
  events: {
    1: 'state report',
    2: 'cancel requested',
    3: 'progress report',
    4: 'status of the provider',
    5: 'assigned',
  },
};

const VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  // Storage commitment, PS3.4 J.3.2, J.3.3.
  [`${UID}1.20.1`]: {
    actions: { 1: 'request storage commitment' },
    events: { 1: 'storage commitment successful', 2: 'storage commitment with failures' },
  },
  // Logging, PS3.4 P.2, V.5.
  [`${UID}1.40`]: { actions: { 1: 'record procedural event' } },
  [`${UID}1.42`]: { actions: { 1: 'record substance administration' } },
  // Performed procedure step notification, PS3.4 F.9.2.
  [`${UID}3.1.2.3.5`]: {
    events: {
      1: 'step in progress',
      2: 'step completed',
      3: 'step discontinued',
      4: 'step updated',
      5: 'step deleted',
    },
  },
  // Film session, film box, print job and printer, PS3.4 H.4.1, H.4.2, H.4.5, H.4.6.
  [`${UID}5.1.1.1`]: { actions: { 1: 'print' } },
  [`${UID}5.1.1.2`]: { actions: { 1: 'print' } },
  [`${UID}5.1.1.14`]: { events: { 1: 'job pending', 2: 'job printing', 3: 'job done', 4: 'job failed' } },
  [`${UID}5.1.1.16`]: { events: { 1: 'printer normal', 2: 'printer warning', 3: 'printer failure' } },
  // Media creation, PS3.4 S.3.2.
  [`${UID}5.1.1.33`]: { actions: { 1: 'initiate media creation', 2: 'cancel media creation' } },
  // Machine verification, PS3.4 DD.3.2.
  [`${UID}5.1.4.34.8`]: { actions: { 1: 'initiate verification' }, events: { 1: 'pending', 2: 'done' } },
  [`${UID}5.1.4.34.9`]: { actions: { 1: 'initiate verification' }, events: { 1: 'pending', 2: 'done' } },
};

/** @returns the action or event of an N-ACTION or N-EVENT-REPORT in words, its number where the SOP class defines others */
export function actionOrEvent({ operation, sopClass, actionType, eventType }: CommandSet): string {
  const { actions, events } = sopClass.startsWith(UNIFIED_PROCEDURE_STEP)
    ? PROCEDURE_STEP
    : (VOCABULARIES[sopClass] ?? {});
  if (operation === 'N-ACTION' && actionType !== undefined) return actions?.[actionType] ?? `action ${actionType}`;
  if (operation === 'N-EVENT-REPORT' && eventType !== undefined) return events?.[eventType] ?? `event ${eventType}`;
  return '';
}
