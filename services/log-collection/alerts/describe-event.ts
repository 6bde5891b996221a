import type { AlertEvidence, AlertSubject } from '@sphinx/schema';
import type { LogRow } from '../intake/log-row.ts';

type Role = AlertSubject['role'];

const LONGEST_VALUE = 500;
const LONGEST_SUMMARY = 300;

/** @param shown an event as it is shown, masked. @returns whom and what it is about; what may name a patient is left out */
export function subjectsOf(shown: LogRow): readonly AlertSubject[] {
  const subjects: AlertSubject[] = [];
  const add = (role: Role, type: AlertSubject['type'], value: string, port?: number | null) => {
    if (value === '' || value.includes('•')) return;
    const hasPort = port !== undefined && port !== null && port >= 0 && port <= 65_535;
    subjects.push({ role, type, value: value.slice(0, LONGEST_VALUE), ...(hasPort ? { port } : {}) });
  };
  add('actor', 'user', shown.actor_user);
  add('actor', 'ip', shown.src_ip, shown.src_port);
  if (shown.src_ip === '') add('actor', 'hostname', shown.src_host);
  if (shown.target_user !== shown.actor_user) add('target', 'user', shown.target_user);
  add('target', 'ip', shown.dst_ip, shown.dst_port);
  add('target', 'hostname', shown.dst_host);
  add('affected', 'hostname', shown.device_host);
  if (shown.device_host === '' && shown.device_ip !== '') add('affected', 'ip', shown.device_ip);
  add('actor', 'process', shown.process_name);
  add('target', 'file', shown.file_name);
  if (subjects.length === 0) add('affected', 'service', shown.service || shown.source_id);
  return subjects;
}

/** @param shown an event as it is shown, masked. @returns where it can be looked up, with what it says in short */
export function evidenceOf({ message, time, log_id, format: name }: LogRow): AlertEvidence {
  const text = message.replace(/\s+/g, ' ').slice(0, LONGEST_SUMMARY);
  return { kind: 'log-event', id: log_id, time, summary: name === '' ? text : `${name}: ${text}` };
}
