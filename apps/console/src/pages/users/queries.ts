import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly makers: readonly string[];
  readonly isDisabled: boolean;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
}

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly permissions: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

export interface NewUser {
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly makers: readonly string[];
  readonly password: string;
}

export interface NewToken {
  readonly name: string;
  /** Whose it is; left out: of whoever makes it. */
  readonly userId?: string;
  readonly permissions: readonly string[];
  readonly expiresInDays: number | null;
}

export function useUsers(isAllowed: boolean) {
  return useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => request<{ items: readonly User[] }>('GET', '/users', { signal }),
    enabled: isAllowed,
  });
}

/** Makers of the devices that are here. */
export function useMakers(): readonly string[] {
  const mayRead = useMay('assets:read');
  const { data } = useQuery({
    queryKey: ['assets', 'summary'],
    queryFn: ({ signal }) =>
      request<{ manufacturers: readonly { readonly id: string }[] }>('GET', '/assets/summary', { signal }),
    enabled: mayRead,
  });
  return data?.manufacturers.flatMap(({ id }) => (id === 'unknown' ? [] : [id])) ?? [];
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => request<{ items: readonly ApiToken[] }>('GET', '/tokens', { signal }),
  });
}

export function useAddUser() {
  return useChange(['users'], (body: NewUser) => request<User>('POST', '/users', { body }));
}

export function useChangeUser(id: string) {
  return useChange(
    ['users'],
    (body: Partial<Pick<User, 'role' | 'makers' | 'isDisabled' | 'name'>> & { password?: string }) =>
      request<User>('PATCH', `/users/${id}`, { body }),
  );
}

export function useRemoveUser(id: string) {
  return useChange<void, void>(['users'], () => request<void>('DELETE', `/users/${id}`));
}

export function useCreateToken() {
  return useChange(['tokens'], (body: NewToken) => request<{ secret: string }>('POST', '/tokens', { body }));
}

export function useRemoveToken(id: string) {
  return useChange<void, void>(['tokens'], () => request<void>('DELETE', `/tokens/${id}`));
}

function useChange<Input, Output>(queryKey: string[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey }) });
}
