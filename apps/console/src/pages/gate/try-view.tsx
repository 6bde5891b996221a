import { Alert, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { AssetSelect } from '../../components/asset-select.tsx';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import { accessText } from './gate-words.tsx';
import { useGatePreview } from './queries.ts';

const MAC = /^(?:[\da-f]{2}[:-]?){5}[\da-f]{2}$/i;

/** What would a switch be answered that asks for this device now? Nothing is noted. */
export function TryView() {
  const [assetId, setAssetId] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const asset = useQuery({
    queryKey: ['assets', 'choice', assetId],
    queryFn: ({ signal }) =>
      request<{ macs: readonly string[] }>('GET', `/assets/${encodeURIComponent(assetId ?? '')}`, { signal }),
    enabled: assetId !== null,
  }).data;
  const own = asset?.macs[0];
  const mac = MAC.test(typed.trim()) ? typed.trim() : (own ?? '');
  const { data, error, refetch } = useGatePreview(mac);
  return (
    <Stack>
      <Group align="start">
        <AssetSelect
          label="Device"
          value={assetId}
          onChange={(id) => {
            setAssetId(id);
            setTyped('');
          }}
          w={320}
        />
        <TextInput
          label="Or a hardware address"
          placeholder="00:11:22:33:44:55"
          value={typed}
          error={typed !== '' && !MAC.test(typed.trim()) ? 'Write twelve hexadecimal digits.' : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
          w={240}
        />
      </Group>
      {assetId !== null && asset !== undefined && own === undefined && typed === '' && (
        <Text size="sm">No hardware address of this device is known: it was seen across a router.</Text>
      )}
      {mac === '' && assetId === null && (
        <EmptyState
          title="Choose a device"
          description="You see what a switch would be answered that asks for it now, and why. Nothing is changed or noted."
        />
      )}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data !== undefined && mac !== '' && (
        <Alert variant="outline" color="blue" title={`${mac}: ${accessText(data.done)}`} role="status">
          <List size="sm">
            {data.reasons.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
            {accessText(data.asked) !== accessText(data.done) && (
              <List.Item>{`The verdict alone asks for: ${accessText(data.asked)}.`}</List.Item>
            )}
          </List>
        </Alert>
      )}
    </Stack>
  );
}
