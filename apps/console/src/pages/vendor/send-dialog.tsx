import { Autocomplete, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { uploadFile } from '../../api/upload.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { formatBytes } from '../../components/format.ts';
import { type OwnSubmission, useMakerView, useVendorDevices } from './queries.ts';

const MAXIMUM_BYTES = 32 * 1024 * 1024;

/** One document for one model goes to the hospital. */
export function SendDialog({ onClose }: { onClose: () => void }) {
  const { makers } = useMakerView();
  const models = useVendorDevices().data?.items.map(({ model }) => model) ?? [];
  const [file, setFile] = useState<File | null>(null);
  const [fields, setFields] = useState({ maker: makers[0] ?? '', model: '', version: '', note: '' });
  const set = (part: Partial<typeof fields>) => setFields((before) => ({ ...before, ...part }));
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (chosen: File) =>
      uploadFile<OwnSubmission>('/vendor/submissions', { ...fields, fileName: chosen.name }, chosen, () => undefined),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['vendor'] });
      notifications.show({ message: 'The document was sent. The hospital decides on it.' });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file !== null) send.mutate(file);
  };
  return (
    <Modal opened onClose={onClose} title="Send a document" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <FileDrop
            label="Document"
            invitation={
              file === null
                ? 'Drop a document here, or press Enter to choose one'
                : `${file.name} (${formatBytes(file.size)})`
            }
            hint="SBOM (CycloneDX, SPDX), VEX (CSAF, OpenVEX, CycloneDX) or MDS2 form (.xlsx), up to 32 MB"
            onFiles={([chosen]) => setFile(chosen ?? null)}
            maxFiles={1}
            maxSize={MAXIMUM_BYTES}
            loading={send.isPending}
          />
          {makers.length > 1 && (
            <Select
              label="Maker"
              data={[...makers]}
              value={fields.maker}
              allowDeselect={false}
              onChange={(maker) => maker !== null && set({ maker })}
            />
          )}
          <Autocomplete
            label="Model"
            description="What the document is about"
            required
            data={[...new Set(models)].filter(Boolean)}
            value={fields.model}
            onChange={(model) => set({ model })}
          />
          <TextInput
            label="Version of the device software"
            description="Empty: every version"
            maxLength={128}
            value={fields.version}
            onChange={(event) => set({ version: event.currentTarget.value })}
          />
          <Textarea
            label="Note to the hospital"
            autosize
            maxLength={2000}
            value={fields.note}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
          <Text size="sm" c="dimmed">
            The hospital sees what you claim as your claim. Nothing of it counts before somebody there has accepted it.
          </Text>
          <ErrorText error={send.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={send.isPending} disabled={file === null}>
              Send
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
