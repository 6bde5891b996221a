import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, request } from './request.ts';

export interface SessionUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly permissions: readonly string[];
  /** Of a vendor: the makers whose devices it sees. */
  readonly makers?: readonly string[];
}

interface Session {
  readonly user: SessionUser;
}

/** Who is signed in; `null` for nobody. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      try {
        return await request<Session>('GET', '/session', { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    select: (session) => session?.user ?? null,
    staleTime: 60_000,
  });
}

/** Whether the role of the person allows something. The API decides; this only hides what it would refuse. */
export function useMay(permission: string): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { username: string; password: string }) => request<Session>('POST', '/session', { body }),
    onSuccess: (session) => client.setQueryData(['session'], session),
  });
}

export function useFirstRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { token: string; username: string; name: string; password: string }) =>
      request<Session>('POST', '/first-run', { body }),
    onSuccess: (session) => client.setQueryData(['session'], session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request<void>('DELETE', '/session'),
    onSuccess: () => {
      client.clear();
      client.setQueryData(['session'], null);
    },
  });
}

/** Words for the roles of a hospital. */
export const ROLE_TITLES: Readonly<Record<string, string>> = {
  administrator: 'Administrator',
  'security-officer': 'Security officer',
  'it-operator': 'IT operator',
  'biomedical-engineer': 'Biomedical engineer',
  'clinical-lead': 'Clinical lead',
  'data-protection-officer': 'Data protection officer',
  auditor: 'Auditor',
  viewer: 'Viewer',
  vendor: 'Vendor',
};
