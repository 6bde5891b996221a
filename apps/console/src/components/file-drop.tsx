import { Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconUpload } from '@tabler/icons-react';

/** Files, dropped or chosen with the keyboard. @param label names the field for who cannot see it */
export function FileDrop(props: {
  label: string;
  invitation: string;
  hint: string;
  onFiles: (files: readonly File[]) => void;
  maxFiles?: number;
  /** Bytes. */
  maxSize?: number;
  loading?: boolean;
}) {
  const { label, invitation, hint, onFiles, ...limits } = props;
  return (
    <Dropzone onDrop={onFiles} inputProps={{ 'aria-label': label }} padding="sm" {...limits}>
      <Group justify="center" gap="md" wrap="nowrap" style={{ pointerEvents: 'none' }}>
        <IconUpload size={28} aria-hidden style={{ flex: 'none' }} />
        <div>
          <Text size="sm">{invitation}</Text>
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        </div>
      </Group>
    </Dropzone>
  );
}
