import { Alert, Badge, Button, Group, Modal, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type ImportFile, type ImportResult, type ImportRow, useApplyImport, usePreviewImport } from './queries.ts';

/** Rows that are shown of a preview; the totals count all of them. */
const SHOWN_ROWS = 200;
const MAXIMUM_BYTES = 15_000_000;

/** An equipment list comes in: first what would change, then the change. */
export function ImportDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [file, setFile] = useState<(ImportFile & { readonly name: string }) | null>(null);
  const preview = usePreviewImport();
  const apply = useApplyImport();
  const close = () => {
    setFile(null);
    preview.reset();
    apply.reset();
    onClose();
  };
  const read = async (dropped: File | undefined) => {
    if (dropped === undefined) return;
    const content = await dropped.text();
    const format = dropped.name.toLowerCase().endsWith('.json') ? 'json' : 'csv';
    setFile({ name: dropped.name, format, content });
    apply.reset();
    preview.mutate({ format, content });
  };
  const result = apply.data ?? preview.data;
  return (
    <Modal opened={isOpen} onClose={close} title="Import assets" size="xl">
      <Stack>
        {apply.data === undefined && <EquipmentDrop onFile={read} isBusy={preview.isPending} />}
        <ErrorText error={preview.error ?? apply.error} />
        {apply.data !== undefined && (
          <Alert variant="outline" color="green" icon={<IconCheck aria-hidden />} title="Imported" role="status">
            {apply.data.totals.update} changed, {apply.data.totals.create} created, {apply.data.totals.skip} skipped.
            Each change can be taken back on the page of its asset.
          </Alert>
        )}
        {result !== undefined && <Preview result={result} name={file?.name ?? ''} isDone={apply.data !== undefined} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {apply.data === undefined ? 'Cancel' : 'Close'}
          </Button>
          {file !== null && preview.data !== undefined && apply.data === undefined && (
            <Button
              onClick={() => apply.mutate({ format: file.format, content: file.content })}
              loading={apply.isPending}
              disabled={preview.data.totals.update + preview.data.totals.create === 0}
            >
              Apply {preview.data.totals.update + preview.data.totals.create} changes
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function EquipmentDrop({ onFile, isBusy }: { onFile: (file: File | undefined) => void; isBusy: boolean }) {
  return (
    <FileDrop
      label="Equipment list, CSV or JSON"
      invitation="Drop an equipment list here, or press Enter to choose one"
      hint="CSV or JSON up to 15 MB, with headings such as ip, mac, name, type, manufacturer, model, serial number, department, room. Nothing changes before you have seen what would."
      onFiles={([file]) => onFile(file)}
      maxFiles={1}
      maxSize={MAXIMUM_BYTES}
      loading={isBusy}
    />
  );
}

const ACTIONS: Readonly<Record<ImportRow['action'], { title: string; color: string }>> = {
  update: { title: 'change', color: 'blue.9' },
  create: { title: 'create', color: 'green.9' },
  unchanged: { title: 'as it is', color: 'gray.7' },
  skip: { title: 'skipped', color: 'yellow.4' },
};

function Preview({ result, name, isDone }: { result: ImportResult; name: string; isDone: boolean }) {
  const { totals, items } = result;
  const concerned = items.filter(({ action }) => action !== 'unchanged');
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {name}: {totals.update} to change, {totals.create} to create, {totals.unchanged} as they are, {totals.skip}{' '}
        skipped{isDone ? ' (done)' : ''}.
      </Text>
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, 'aria-label': 'What changes, row by row' }}>
        <Table stickyHeader aria-label="What changes, row by row">
          <TableHead columns={['Row', 'What happens', 'Asset', 'Changes']} />
          <Table.Tbody>
            {concerned.slice(0, SHOWN_ROWS).map((row) => (
              <Table.Tr key={row.row}>
                <Table.Td>{row.row}</Table.Td>
                <Table.Td>
                  <Badge tt="none" color={ACTIONS[row.action].color}>
                    {ACTIONS[row.action].title}
                  </Badge>
                </Table.Td>
                <Table.Td>{row.name}</Table.Td>
                <Table.Td>
                  <Changes row={row} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {concerned.length > SHOWN_ROWS && (
        <Text size="sm" c="dimmed">
          and {concerned.length - SHOWN_ROWS} further rows
        </Text>
      )}
    </Stack>
  );
}

function Changes({ row }: { row: ImportRow }) {
  if (row.message !== '') return <Text size="sm">{row.message}</Text>;
  return (
    <>
      {row.changes.map(({ field, from, to }) => (
        <Text key={field} size="sm">
          {field}: {from ?? 'unknown'} → <b>{to}</b>
        </Text>
      ))}
    </>
  );
}
