import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { IconArrowsSplit, IconDots, IconPencil, IconPin, IconPinnedOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useChangeAsset } from './queries.ts';
import { SplitDialog } from './split-dialog.tsx';

/** Name, how long it has been seen, and what a person can do about it. */
export function AssetHeader({ asset, mayWrite }: { asset: Asset; mayWrite: boolean }) {
  return (
    <div>
      <PageHeader title={asset.name} actions={mayWrite && <Actions asset={asset} />} />
      <Group gap="xs">
        {asset.isSample && <SampleBadge />}
        <Text size="sm" c="dimmed">
          First seen <TimeText time={asset.firstSeen} />, last seen <TimeText time={asset.lastSeen} />
          {asset.isPinned ? '. Confirmed by a person.' : ''}
        </Text>
      </Group>
    </div>
  );
}

function Actions({ asset }: { asset: Asset }) {
  const [dialog, setDialog] = useState<'rename' | 'split' | null>(null);
  const pin = useChangeAsset(asset.id);
  const close = () => setDialog(null);
  return (
    <>
      <ErrorText error={pin.error} />
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog('rename')}>
        Rename
      </Button>
      <Button
        variant="default"
        loading={pin.isPending}
        leftSection={asset.isPinned ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
        onClick={() => pin.mutate({ isPinned: !asset.isPinned })}
        title="A confirmed asset is never merged or renamed by SPHINX itself"
      >
        {asset.isPinned ? 'Unpin' : 'Pin as confirmed'}
      </Button>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowsSplit size={16} aria-hidden />} onClick={() => setDialog('split')}>
            Split into two assets
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameDialog asset={asset} isOpen={dialog === 'rename'} onClose={close} />
      <SplitDialog asset={asset} isOpen={dialog === 'split'} onClose={close} />
    </>
  );
}

function RenameDialog({ asset, isOpen, onClose }: { asset: Asset; isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState(asset.name);
  const rename = useChangeAsset(asset.id);
  const state = (value: string | null) => rename.mutate({ name: value }, { onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    state(name.trim());
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Rename asset">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            Without a name of yours it goes by its host name, else by its address.
          </Text>
          <ErrorText error={rename.error} />
          <Group justify="end">
            <Button variant="subtle" onClick={() => state(null)}>
              Use the automatic name
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
