import { Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconUpload } from '@tabler/icons-react';

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** A rule file or archive, dropped or chosen. */
export function RuleFileDrop({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  return (
    <Dropzone
      onDrop={([file]: readonly File[]) => file !== undefined && onFile(file)}
      maxFiles={1}
      maxSize={MAXIMUM_BYTES}
      loading={isBusy}
      inputProps={{ 'aria-label': 'Rule file or archive' }}
    >
      <Group justify="center" gap="md" mih={90} style={{ pointerEvents: 'none' }}>
        <IconUpload size={32} aria-hidden />
        <div>
          <Text>Drop a rule file or archive here, or press Enter to choose one</Text>
          <Text size="sm" c="dimmed">
            .rules or .tar.gz, up to 64 MB. Nothing is in force before you have seen what it brings.
          </Text>
        </div>
      </Group>
    </Dropzone>
  );
}
