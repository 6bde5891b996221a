import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { LoadingState } from '../../components/states.tsx';
import { type AssetPart, useAssetParts, useSplitAsset } from './queries.ts';

/** Takes network cards or addresses out of an asset that is two devices in truth. */
export function SplitDialog({ asset, isOpen, onClose }: { asset: Asset; isOpen: boolean; onClose: () => void }) {
  const { data: parts, error } = useAssetParts(asset.id, isOpen);
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Split ${asset.name} into two assets`}>
      <ErrorText error={error} />
      {parts === undefined && error === null && <LoadingState what="its parts" />}
      {parts !== undefined && parts.length < 2 && (
        <Text size="sm">
          It cannot be split: everything that is known of it was seen on one network card
          {parts[0] === undefined ? '' : ` (${parts[0].address})`}.
        </Text>
      )}
      {parts !== undefined && parts.length > 1 && <SplitForm asset={asset} parts={parts} onClose={onClose} />}
    </Modal>
  );
}

function SplitForm({ asset, parts, onClose }: { asset: Asset; parts: readonly AssetPart[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const split = useSplitAsset(asset.id);
  const navigate = useNavigate();
  const submit = async () => {
    try {
      // Not as a callback of the mutation: once the asset is split this form may be gone before the answer comes.
      const created = await split.mutateAsync(chosen);
      onClose();
      navigate(`/assets/${encodeURIComponent(created.id)}`);
    } catch {
      // Shown below the parts.
    }
  };
  return (
    <Stack>
      <Checkbox.Group
        label="Which parts belong to the other device?"
        description="Evidence, services and conversations follow them. You can take it back afterwards."
        value={chosen}
        onChange={setChosen}
      >
        <Stack gap="xs" mt="xs">
          {parts.map(({ address, ips }) => (
            <Checkbox
              key={address}
              value={address}
              label={address}
              description={ips.filter((ip) => ip !== address).join(', ')}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {chosen.length === parts.length && <Text size="sm">Leave at least one part with this asset.</Text>}
      <ErrorText error={split.error} />
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          onClick={submit}
          loading={split.isPending}
          disabled={chosen.length === 0 || chosen.length === parts.length}
        >
          Split
        </Button>
      </Group>
    </Stack>
  );
}
