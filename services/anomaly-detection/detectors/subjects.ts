import { isIP } from 'node:net';
import type { AlertSubject } from '@sphinx/schema';
import type { MeasureId } from '../traffic/measures.ts';

/** Whom the detail of a measure names, beside the host itself. */
export function detailSubjects(measure: MeasureId, detail: string): readonly AlertSubject[] {
  switch (measure) {
    case 'dns-name-bytes':
      return detail === '' ? [] : [{ role: 'target', type: 'domain', value: detail }];
    case 'bytes-to-internet':
    case 'bytes-fetched':
    case 'icmp-data-bytes':
    case 'failed-ports-on-peer':
      return addressSubject(detail);
    case 'logon-attempts':
    case 'logon-failures':
      return addressSubject(detail.slice(detail.lastIndexOf(' ') + 1));
    case 'half-open-requests':
      return addressSubject(detail, 'actor');
    default:
      return [];
  }
}

function addressSubject(ip: string, role: AlertSubject['role'] = 'target'): readonly AlertSubject[] {
  return isIP(ip) === 0 ? [] : [{ role, type: 'ip', value: ip }];
}
