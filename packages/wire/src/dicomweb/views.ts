import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import type { DicomwebTransaction } from './types.ts';

/** What rules see of a DICOMweb transaction: keywords `dicomweb.*`, listed in docs/rules-health.md. */
export function dicomwebView(transaction: DicomwebTransaction): TransactionView {
  return transactionView(
    'dicomweb',
    {
      'dicomweb.service': transaction.transaction,
      'dicomweb.operation': transaction.operation,
      'dicomweb.resource': transaction.resource,
      'dicomweb.representation': transaction.representation,
      'dicomweb.search_parameter': transaction.queryNames,
      'dicomweb.authorization': transaction.authorization,
    },
    {
      'dicomweb.status': transaction.status,
      'dicomweb.objects': transaction.objects,
      'dicomweb.failed_objects': transaction.failedObjects,
      'dicomweb.response_size': transaction.responseBytes,
    },
  );
}
