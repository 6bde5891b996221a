import { Card, CloseButton, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes } from '../../components/format.ts';
import { uploadCapture } from './upload.ts';

interface Upload {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** Sent so far, 0 to 1. */
  readonly fraction: number;
  readonly error: string | null;
  readonly isDone: boolean;
}

/** Capture files dropped on the page go to the server, are read there and deleted right after. */
export function UploadCaptures() {
  const { uploads, send, dismiss } = useUploads();
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Drop a capture file
      </Title>
      <Dropzone
        onDrop={(files: readonly File[]) => {
          for (const file of files) void send(file);
        }}
        inputProps={{ 'aria-label': 'Capture files' }}
        padding="sm"
      >
        <Group justify="center" gap="md" style={{ pointerEvents: 'none' }}>
          <IconUpload size={28} aria-hidden />
          <div>
            <Text size="sm">
              Drop captures (pcap, pcapng), Suricata EVE, Zeek logs, IPFIX or cloud flow logs here, also gzipped, or
              press Enter to choose them
            </Text>
            <Text size="xs" c="dimmed">
              Captures may hold patient data: SPHINX reads device and transaction facts only and deletes the file once
              it is read.
            </Text>
          </div>
        </Group>
      </Dropzone>
      <Stack gap="xs" mt={uploads.length > 0 ? 'sm' : 0} role="status">
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} onDismiss={() => dismiss(upload.id)} />
        ))}
      </Stack>
    </Card>
  );
}

function UploadRow({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }) {
  const percent = Math.round(upload.fraction * 100);
  const isEnded = upload.isDone || upload.error !== null;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {upload.name} ({formatBytes(upload.bytes)}):{' '}
          {upload.error ?? (upload.isDone ? 'sent, now being read' : `${percent} % sent`)}
        </Text>
        {isEnded && <CloseButton size="sm" aria-label={`Dismiss ${upload.name}`} onClick={onDismiss} />}
      </Group>
      {!isEnded && <Progress value={percent} aria-label={`${upload.name}, sent so far`} />}
    </div>
  );
}

function useUploads() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const client = useQueryClient();
  const update = (id: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const send = async (file: File) => {
    const id = Date.now() + Math.random();
    setUploads((all) => [...all, { id, name: file.name, bytes: file.size, fraction: 0, error: null, isDone: false }]);
    try {
      await uploadCapture(file, (fraction) => update(id, { fraction }));
      update(id, { isDone: true, fraction: 1 });
      await client.invalidateQueries({ queryKey: ['sources'] });
    } catch (error) {
      update(id, { error: error instanceof Error ? error.message : 'It could not be sent.' });
    }
  };
  const dismiss = (id: number) => setUploads((all) => all.filter((one) => one.id !== id));
  return { uploads, send, dismiss };
}
