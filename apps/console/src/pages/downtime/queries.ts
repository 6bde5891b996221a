import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface Downtime {
  readonly folder: string;
  readonly last: { readonly at: number; readonly wards: number; readonly problem: string | null } | null;
  readonly wards: readonly {
    readonly title: string;
    readonly slug: string;
    readonly beds: number | null;
    readonly services: readonly string[];
    readonly contacts: number;
  }[];
}

export interface Contact {
  readonly id: string;
  readonly area: string;
  readonly role: string;
  readonly name: string;
  readonly phone: string;
  readonly note: string;
}

export const useDowntime = () =>
  useQuery({ queryKey: ['response', 'downtime'], queryFn: () => request<Downtime>('GET', '/downtime') });
export const useContacts = () =>
  useQuery({
    queryKey: ['response', 'contacts'],
    queryFn: () => request<{ items: readonly Contact[] }>('GET', '/downtime/contacts'),
  });

/** A change, after which pages and lists are asked again. */
export function useDowntimeChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['response'] }),
  });
}

export const exportNow = () => request('POST', '/downtime/export');
export const addContact = (body: object) => request('POST', '/downtime/contacts', { body });
export const removeContact = (id: string) => request('DELETE', `/downtime/contacts/${encodeURIComponent(id)}`);
