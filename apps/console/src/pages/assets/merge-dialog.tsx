import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { type AssetSummary, useMergeAssets } from './queries.ts';

/** Makes one asset of several that are one device. */
export function MergeDialog(props: {
  assets: readonly AssetSummary[];
  isOpen: boolean;
  onClose: () => void;
  onMerged: (id: string) => void;
}) {
  const { assets, isOpen, onClose, onMerged } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const merge = useMergeAssets();
  const into = chosen ?? assets[0]?.id ?? '';
  const submit = () => {
    const assetIds = assets.map(({ id }) => id).filter((id) => id !== into);
    merge.mutate({ into, assetIds }, { onSuccess: () => onMerged(into) });
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Merge ${assets.length} assets into one`} size="lg">
      <Stack>
        <Text size="sm">
          Merge them when they are one device, for example one with two network cards. Addresses, services and evidence
          come together; it is verified anew. You can take it back on the page of the asset.
        </Text>
        <Radio.Group
          label="Which one goes on, with its name and what people stated about it?"
          value={into}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs">
            {assets.map((asset) => (
              <Radio
                key={asset.id}
                value={asset.id}
                label={asset.name}
                description={[asset.kindTitle ?? 'unknown kind', ...asset.ips, ...asset.macs].join(' · ')}
              />
            ))}
          </Stack>
        </Radio.Group>
        <ErrorText error={merge.error} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={submit} loading={merge.isPending}>
            Merge
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
