import type { CertificateRecord, CertificateStatus } from '@sphinx/schema';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

interface CertificatePage {
  readonly items: readonly CertificateRecord[];
  readonly nextCursor: string | null;
}

/** What checking a certificate file gives. */
export interface CertificateCheck {
  readonly status: 'valid' | 'tampered' | 'unknown-key' | 'expired' | 'revoked' | 'malformed';
  readonly reasons: readonly string[];
  readonly statement?: {
    readonly predicate: {
      readonly certificateId: string;
      readonly asset: { readonly id: string; readonly name: string };
      readonly verdict: string;
      readonly validUntil: string;
    };
  };
}

export function useCertificates(status: CertificateStatus | null, assetId: string | null) {
  return useInfiniteQuery({
    queryKey: ['certificates', 'list', status, assetId],
    queryFn: ({ pageParam, signal }) =>
      request<CertificatePage>('GET', '/certificates', {
        query: {
          limit: 100,
          ...(status === null ? {} : { status }),
          ...(assetId === null ? {} : { assetId }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export function useCertificate(id: string) {
  return useQuery({
    queryKey: ['certificates', 'one', id],
    queryFn: ({ signal }) => request<CertificateRecord>('GET', `/certificates/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useRevokeCertificate(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      request<CertificateRecord>('POST', `/certificates/${encodeURIComponent(id)}/revoke`, { body: { reason } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['certificates'] }),
  });
}

export function useCheckCertificate() {
  return useMutation({
    mutationFn: (envelope: unknown) => request<CertificateCheck>('POST', '/certificates/check', { body: { envelope } }),
  });
}
