import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconDeviceDesktop, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { request } from '../api/request.ts';
import { useMay } from '../api/session.ts';
import type { Page } from './page.ts';

const MAXIMUM_ASSETS = 8;

interface FoundAsset {
  readonly id: string;
  readonly name: string;
  readonly kindTitle: string | null;
  readonly ips: readonly string[];
}

/** Ctrl+K: any page and any asset by a few letters. */
export function CommandPalette({ pages }: { pages: readonly Page[] }) {
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const maySeeAssets = useMay('assets:read');
  const { data } = useQuery({
    queryKey: ['assets', 'found', query],
    queryFn: ({ signal }) =>
      request<{ items: readonly FoundAsset[] }>('GET', '/assets', {
        query: { search: query, limit: MAXIMUM_ASSETS },
        signal,
      }),
    enabled: maySeeAssets && query.trim().length > 1,
  });
  const actions: SpotlightActionData[] = [
    ...pages.map(({ path, title, icon: Icon }) => ({
      id: path,
      label: title,
      leftSection: Icon === undefined ? undefined : <Icon size={20} aria-hidden />,
      onClick: () => navigate(path),
    })),
    ...(data?.items ?? []).map(({ id, name, kindTitle, ips }) => ({
      id,
      label: name,
      description: [kindTitle ?? 'unknown kind', ips[0]].filter(Boolean).join(' · '),
      keywords: [query],
      leftSection: <IconDeviceDesktop size={20} aria-hidden />,
      onClick: () => navigate(`/assets/${encodeURIComponent(id)}`),
    })),
  ];
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound="Nothing found"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={20} aria-hidden />,
        placeholder: maySeeAssets ? 'Page, or name, address, maker of an asset' : 'Page',
        'aria-label': maySeeAssets ? 'Find a page or an asset' : 'Find a page',
        onKeyDown: openFirst,
      }}
    />
  );
}

/** Enter opens the first that was found. Spotlight selects it only when it was there at the last letter. */
function openFirst({ key, currentTarget }: KeyboardEvent<HTMLInputElement>): void {
  const found = currentTarget.closest('[role="dialog"]');
  if (key !== 'Enter' || found === null || found.querySelector('[data-selected]') !== null) return;
  found.querySelector<HTMLElement>('[data-action]')?.click();
}
