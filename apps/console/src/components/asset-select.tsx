import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';

interface Choice {
  readonly id: string;
  readonly name: string;
  readonly ips: readonly string[];
}

const MOST_CHOICES = 20;

/** One asset by a few letters of its name, address or maker. @param value id of an asset, or null */
export function AssetSelect(
  props: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
    value: string | null;
    onChange: (id: string | null) => void;
  },
) {
  const { value, onChange, ...rest } = props;
  const [search, setSearch] = useState('');
  const { data } = useQuery({
    queryKey: ['assets', 'choices', search],
    queryFn: ({ signal }) =>
      request<{ items: readonly Choice[] }>('GET', '/assets', { query: { search, limit: MOST_CHOICES }, signal }),
  });
  const chosen = useQuery({
    queryKey: ['assets', 'choice', value],
    queryFn: ({ signal }) => request<Choice>('GET', `/assets/${encodeURIComponent(value ?? '')}`, { signal }),
    enabled: value !== null,
  }).data;
  const found = data?.items ?? [];
  const all = chosen === undefined || found.some(({ id }) => id === chosen.id) ? found : [chosen, ...found];
  return (
    <Select
      {...rest}
      placeholder="Name, address or maker"
      searchable
      data={all.map(({ id, name, ips }) => ({
        value: id,
        // Many assets are called by their address.
        label: ips[0] === undefined || ips[0] === name ? name : `${name} · ${ips[0]}`,
      }))}
      // The inventory has searched already, in more than the label shows.
      filter={({ options }) => options}
      value={value}
      onSearchChange={(text) => setSearch(text.split(' · ')[0] ?? '')}
      onChange={onChange}
      nothingFoundMessage="No such asset"
    />
  );
}
