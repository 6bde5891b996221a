import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { AssetSelect } from '../../components/asset-select.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { formatBytes } from '../../components/format.ts';
import { ImportReports } from './import-reports.tsx';
import { sendList, type Target, useSoftwareChange } from './queries.ts';

const MAXIMUM_BYTES = 1024 * 1024 * 1024;
const ABOUT = [
  { value: 'itself', label: 'What it says itself' },
  { value: 'asset', label: 'One asset' },
  { value: 'model', label: 'A model' },
];

/** A list comes in: first what would change, then the change. */
export function ImportDialog({ about, onClose }: { about?: Target | undefined; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [target, setTarget] = useState<Target>(about ?? { kind: 'itself' });
  const preview = useSoftwareChange((chosen: { file: File; target: Target }) =>
    sendList('preview', chosen.file, chosen.target),
  );
  const take = useSoftwareChange((chosen: { file: File; target: Target }) =>
    sendList('take', chosen.file, chosen.target),
  );
  const look = (chosen: File | null, about: Target) => {
    setFile(chosen);
    take.reset();
    preview.reset();
    if (chosen !== null && isNamed(about)) preview.mutate({ file: chosen, target: about });
  };
  const accept = () => {
    if (file === null) return;
    take.mutate(
      { file, target },
      {
        onSuccess: ({ fileName }) => {
          notifications.show({ message: `${fileName} was taken in.` });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Import a list of software" size="xl">
      <Stack>
        <FileDrop
          label="List of software"
          invitation={
            file === null
              ? 'Drop a file here, or press Enter to choose one'
              : `${file.name} (${formatBytes(file.size)})`
          }
          hint="SBOM (CycloneDX, SPDX), MDS2 form, report of a scanner or agent, package list. Nothing changes before you have seen what would."
          onFiles={([chosen]) => look(chosen ?? null, target)}
          maxFiles={1}
          maxSize={MAXIMUM_BYTES}
          loading={preview.isPending}
        />
        <AboutField target={target} onChange={setTarget} onDone={(about) => look(file, about)} />
        <ErrorText error={preview.error ?? take.error} />
        {preview.data !== undefined && <ImportReports file={preview.data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {preview.data === undefined ? (
            <Button
              variant="default"
              disabled={file === null || !isNamed(target)}
              loading={preview.isPending}
              onClick={() => look(file, target)}
            >
              See what would change
            </Button>
          ) : (
            <Button onClick={accept} loading={take.isPending}>
              Take it in
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function isNamed(target: Target): boolean {
  if (target.kind === 'itself') return true;
  return target.kind === 'asset'
    ? target.assetId !== ''
    : target.manufacturer.trim() !== '' && target.model.trim() !== '';
}

function AboutField(props: { target: Target; onChange: (target: Target) => void; onDone: (target: Target) => void }) {
  const { target, onChange, onDone } = props;
  const choose = (kind: string) => {
    const next: Target =
      kind === 'asset'
        ? { kind, assetId: '' }
        : kind === 'model'
          ? { kind, manufacturer: '', model: '', version: '' }
          : { kind: 'itself' };
    onChange(next);
    if (next.kind === 'itself') onDone(next);
  };
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500} id="about-label">
        What is it about?
      </Text>
      <SegmentedControl
        aria-labelledby="about-label"
        data={ABOUT}
        value={target.kind}
        onChange={choose}
        style={{ alignSelf: 'start' }}
      />
      {target.kind === 'asset' && (
        <AssetSelect
          label="Asset"
          value={target.assetId === '' ? null : target.assetId}
          onChange={(id) => {
            const assetId = id ?? '';
            onChange({ kind: 'asset', assetId });
            onDone({ kind: 'asset', assetId });
          }}
        />
      )}
      {target.kind === 'model' && (
        <Group grow align="start">
          {(['manufacturer', 'model', 'version'] as const).map((name) => (
            <TextInput
              key={name}
              label={{ manufacturer: 'Manufacturer', model: 'Model', version: 'Version' }[name]}
              description={name === 'version' ? 'Empty: every version' : 'As in the inventory'}
              required={name !== 'version'}
              value={target[name]}
              onChange={(event) => onChange({ ...target, [name]: event.currentTarget.value })}
            />
          ))}
        </Group>
      )}
    </Stack>
  );
}
