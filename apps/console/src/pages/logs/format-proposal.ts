import { useMutation } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** A field as it was proposed. */
export interface ProposedField {
  readonly name: string;
  readonly fieldName: string;
  readonly kind: string;
  readonly column: string;
  readonly isPatient: boolean;
  readonly examples: readonly string[];
}

export interface ProposedLine {
  readonly line: string;
  readonly isRead: boolean;
  readonly format: string;
  readonly knownFormat: string;
  readonly values: readonly {
    readonly name: string;
    readonly value: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly columns: Readonly<Record<string, string | number>>;
  readonly timeMs: number | null;
}

export interface FormatProposal {
  readonly definition: string;
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly reads: string;
  readonly header: 'rfc5424' | 'rfc3164' | 'none';
  readonly canRename: boolean;
  readonly fields: readonly ProposedField[];
  readonly lines: readonly ProposedLine[];
  readonly takesFrom: readonly string[];
}

/** What is wanted otherwise than it was proposed. */
export interface FieldChange {
  readonly name: string;
  readonly rename?: string;
  readonly column?: string;
  readonly isDropped?: boolean;
  readonly isPatient?: boolean;
}

export interface ProposalRequest {
  readonly lines: string;
  readonly id?: string;
  readonly title?: string;
  readonly fields: readonly FieldChange[];
}

/** Asks for a format for sample lines; nothing is stored by it. */
export function useProposal() {
  return useMutation({
    mutationFn: (body: ProposalRequest) => request<FormatProposal>('POST', '/log-formats/propose', { body }),
  });
}

/** Columns that a field may fill, in the order of their meaning. */
export const COLUMNS = [
  ...['activity', 'severity', 'status', 'actor_user', 'target_user', 'object', 'message', 'event_code', 'rule_name'],
  ...['src_ip', 'src_port', 'src_host', 'dst_ip', 'dst_port', 'dst_host', 'transport', 'app_name'],
  ...['device_host', 'product', 'service', 'process_name', 'command_line', 'file_name'],
  ...['url', 'http_method', 'http_status', 'user_agent', 'bytes_out', 'bytes_in'],
] as const;
