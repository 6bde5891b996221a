import type { CheckOutcome, Severity, Verdict, WeaknessPresence } from '@sphinx/schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { request } from '../../api/request.ts';
import { useSession } from '../../api/session.ts';

/** A device as its maker sees it. */
export interface VendorDevice {
  readonly id: string;
  readonly maker: string;
  readonly model: string;
  readonly serial: string;
  readonly software: string;
  readonly isSample: boolean;
  readonly verdict: Verdict;
  readonly verifiedAt: number;
  readonly failed: number;
  readonly certificate: {
    readonly id: string;
    readonly status: string;
    readonly issuedAt: number;
    readonly expiresAt: number;
    readonly publicLink: string | null;
  } | null;
}

export interface VendorReport {
  readonly device: VendorDevice;
  readonly policy: string;
  readonly results: readonly {
    readonly checkId: string;
    readonly title: string;
    readonly outcome: CheckOutcome;
    readonly severity: Severity;
    readonly remedy: string;
    readonly references: readonly { readonly title: string; readonly url?: string }[];
    readonly seen: readonly { readonly attribute: string; readonly value: string }[];
  }[];
}

export interface VendorWeakness {
  readonly id: string;
  readonly weakness: string;
  readonly title: string;
  readonly model: string;
  readonly presence: WeaknessPresence;
  readonly severity: Severity;
  readonly baseScore: number | null;
  readonly component: string;
  readonly because: string;
  readonly isKnownExploited: boolean;
  readonly hasFix: boolean;
  readonly devices: number;
}

export type SubmissionState = 'waiting' | 'accepted' | 'refused' | 'withdrawn';

/** A document that a vendor sent. */
export interface OwnSubmission {
  readonly id: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly formatTitle: string;
  readonly kinds: readonly ('sbom' | 'vex' | 'mds2')[];
  readonly maker: string;
  readonly model: string;
  readonly version: string;
  readonly note: string;
  readonly state: SubmissionState;
  readonly receivedAt: number;
  readonly by: string;
  readonly decidedAt: number | null;
  readonly decision: string;
  readonly totals: { readonly software: number; readonly claims: number; readonly answers: number };
  readonly claims: readonly {
    readonly weakness: string;
    readonly status: string;
    readonly versions: string;
    readonly note: string;
  }[];
  readonly problems: readonly { readonly where: string; readonly what: string }[];
}

/** Whose view it is: a vendor's own makers, or the one that a person of the house chose. */
export function useMakerView(): {
  readonly isVendor: boolean;
  readonly makers: readonly string[];
  readonly maker: string | undefined;
} {
  const makers = useSession().data?.makers;
  const [parameters] = useSearchParams();
  return { isVendor: makers !== undefined, makers: makers ?? [], maker: parameters.get('maker') ?? undefined };
}

function useVendor<Answer>(path: string) {
  const { isVendor, maker } = useMakerView();
  return useQuery({
    queryKey: ['vendor', path, maker],
    queryFn: ({ signal }) => request<Answer>('GET', `/vendor${path}`, { query: { maker }, signal }),
    enabled: isVendor || maker !== undefined,
    // Verdicts change by themselves, and whoever is from outside is not told of every change in the house.
    refetchInterval: 60_000,
  });
}

type List<Item> = { readonly items: readonly Item[] };
export const useVendorDevices = () => useVendor<List<VendorDevice>>('/devices');
export const useVendorDevice = (id: string) => useVendor<VendorReport>(`/devices/${encodeURIComponent(id)}`);
export const useVendorWeaknesses = () => useVendor<List<VendorWeakness>>('/weaknesses');
export const useOwnSubmissions = () => useVendor<List<OwnSubmission>>('/submissions');

export function useWithdraw() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>('DELETE', `/vendor/submissions/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['vendor'] }),
  });
}
