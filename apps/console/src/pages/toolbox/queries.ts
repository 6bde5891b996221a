import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import type { Service } from '../../api/services.ts';

export function useChangeService(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { isEnabled?: boolean; settings?: Readonly<Record<string, unknown>> }) =>
      request<Service>('PATCH', `/services/${encodeURIComponent(id)}`, { body }),
    // A service that comes or goes takes its pages' data with it.
    onSettled: () => client.invalidateQueries(),
  });
}
