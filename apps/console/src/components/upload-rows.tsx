import { CloseButton, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from './format.ts';

interface Upload {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** Sent so far, 0 to 1. */
  readonly fraction: number;
  readonly error: string | null;
  readonly isDone: boolean;
}

/**
 * Files on their way to SPHINX.
 *
 * @param sent told of those that arrived, until they are dismissed; without it they go by themselves
 */
export function UploadRows({ uploads, sent }: { uploads: Uploads; sent?: string }) {
  const shown = uploads.all.filter(({ isDone }) => !isDone || sent !== undefined);
  return (
    <Stack gap="xs" mt={shown.length > 0 ? 'sm' : 0} role="status">
      {shown.map((upload) => (
        <UploadRow key={upload.id} upload={upload} sent={sent ?? ''} onDismiss={() => uploads.dismiss(upload.id)} />
      ))}
    </Stack>
  );
}

function UploadRow({ upload, sent, onDismiss }: { upload: Upload; sent: string; onDismiss: () => void }) {
  const percent = Math.round(upload.fraction * 100);
  const isEnded = upload.isDone || upload.error !== null;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {upload.name} ({formatBytes(upload.bytes)}): {upload.error ?? (upload.isDone ? sent : `${percent} % sent`)}
        </Text>
        {isEnded && <CloseButton size="sm" aria-label={`Dismiss ${upload.name}`} onClick={onDismiss} />}
      </Group>
      {!isEnded && <Progress value={percent} aria-label={`${upload.name}, sent so far`} />}
    </div>
  );
}

export interface Uploads {
  readonly all: readonly Upload[];
  send(file: File): Promise<void>;
  dismiss(id: number): void;
}

/** @param upload sends one file and tells the share that has been sent, 0 to 1 */
export function useUploads(upload: (file: File, onProgress: (fraction: number) => void) => Promise<unknown>): Uploads {
  const [all, setAll] = useState<readonly Upload[]>([]);
  const update = (id: number, change: Partial<Upload>) =>
    setAll((known) => known.map((one) => (one.id === id ? { ...one, ...change } : one)));
  return {
    all,
    async send(file) {
      const id = Date.now() + Math.random();
      setAll((known) => [...known, { id, name: file.name, bytes: file.size, fraction: 0, error: null, isDone: false }]);
      try {
        await upload(file, (fraction) => update(id, { fraction }));
        update(id, { isDone: true, fraction: 1 });
      } catch (error) {
        update(id, { error: error instanceof Error ? error.message : 'It could not be sent.' });
      }
    },
    dismiss: (id) => setAll((known) => known.filter((one) => one.id !== id)),
  };
}
