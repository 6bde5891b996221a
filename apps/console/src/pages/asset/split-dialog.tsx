import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { useSplitAsset } from './queries.ts';

/** Takes addresses out of an asset that is two devices in truth. */
export function SplitDialog({ asset, isOpen, onClose }: { asset: Asset; isOpen: boolean; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([]);
  const split = useSplitAsset(asset.id);
  const navigate = useNavigate();
  const addresses = [...asset.macs, ...asset.ips];
  const submit = () =>
    split.mutate(chosen, {
      onSuccess: (created) => {
        onClose();
        navigate(`/assets/${encodeURIComponent(created.id)}`);
      },
    });
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Split ${asset.name} into two assets`}>
      <Stack>
        <Checkbox.Group
          label="Which addresses belong to the other device?"
          description="Evidence, services and conversations follow their address. You can take it back afterwards."
          value={chosen}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs">
            {addresses.map((address) => (
              <Checkbox key={address} value={address} label={address} />
            ))}
          </Stack>
        </Checkbox.Group>
        {chosen.length === addresses.length && <Text size="sm">Leave at least one address with this asset.</Text>}
        <ErrorText error={split.error} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            onClick={submit}
            loading={split.isPending}
            disabled={chosen.length === 0 || chosen.length === addresses.length}
          >
            Split
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
