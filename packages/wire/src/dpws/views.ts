import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import type { DpwsRecord } from './types.ts';

/** What rules see of a call: keywords `dpws.*`, listed in docs/rules-health.md. */
export function dpwsView({ service, operation, fault, isMedical, status }: DpwsRecord): TransactionView {
  const text = { 'dpws.service': service, 'dpws.operation': operation, 'dpws.fault': fault };
  return transactionView('dpws', { ...text, 'dpws.profile': isMedical ? 'sdc' : 'dpws' }, { 'dpws.status': status });
}
