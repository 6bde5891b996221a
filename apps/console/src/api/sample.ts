import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from './request.ts';

interface SampleSource {
  readonly isSample: boolean;
}

/** Sample traffic of an invented hospital: whether it is there, and one click to bring or remove it. */
export function useSampleTraffic() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => request<{ items: readonly SampleSource[] }>('GET', '/sources', { signal }),
  });
  const refresh = () => client.invalidateQueries();
  const add = useMutation({ mutationFn: () => request<void>('POST', '/sources/sample'), onSuccess: refresh });
  const remove = useMutation({ mutationFn: () => request<void>('DELETE', '/sources/sample'), onSuccess: refresh });
  return { isPresent: data?.items.some(({ isSample }) => isSample) ?? false, add, remove };
}
