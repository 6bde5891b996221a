import { Button, Stack, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { ImportReports } from './import-reports.tsx';
import { type SoftwareImport, undoImport, useImports, useSoftwareChange } from './queries.ts';

/** Which files were taken in, and what did each say? */
export function ImportsView({ action }: { action: ReactNode }) {
  const { data, error, isPending, refetch } = useImports();
  const [open, setOpen] = useState<string | null>(null);
  if (isPending) return <LoadingState what="the imports" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No list was imported"
        description="Banners on the network tell little of what is in a device. A bill of materials of the model, a package list or the report of a scanner tells it all."
        action={action}
      />
    );
  }
  const shown = data.items.find(({ id }) => id === open);
  return (
    <>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Imports, newest first" highlightOnHover>
          <TableHead columns={['File', 'About', 'It says', 'Taken in', 'Actions']} />
          <Table.Tbody>
            {data.items.map((item) => (
              <ImportRow key={item.id} item={item} onOpen={() => setOpen(item.id)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <DetailDrawer title="One import" id={open} onClose={() => setOpen(null)}>
        {() =>
          shown === undefined ? (
            <Text>It was taken back.</Text>
          ) : (
            <Stack>
              <Text size="sm">
                {shown.fileName}, {shown.formatTitle}
                {shown.tool !== '' && ` of ${shown.tool}`}, taken in by {shown.by} at {formatTime(shown.time)}
              </Text>
              <ImportReports file={shown} isDone />
            </Stack>
          )
        }
      </DetailDrawer>
    </>
  );
}

function ImportRow({ item, onOpen }: { item: SoftwareImport; onOpen: () => void }) {
  const undo = useSoftwareChange(undoImport);
  const mayWrite = useMay('weaknesses:write');
  const [first] = item.reports;
  return (
    <Table.Tr>
      <Table.Td maw={260} style={{ overflowWrap: 'anywhere' }}>
        {item.fileName}
        <Text size="xs" c="dimmed">
          {item.formatTitle}
        </Text>
      </Table.Td>
      <Table.Td maw={240} style={{ overflowWrap: 'anywhere' }}>
        {first?.subject ?? 'nothing'}
        {item.totals.reports > 1 && ` and ${item.totals.reports - 1} more`}
      </Table.Td>
      <Table.Td>{totalsText(item)}</Table.Td>
      <Table.Td>
        <TimeText time={item.time} />
        <Text size="xs" c="dimmed">
          {item.by}
        </Text>
      </Table.Td>
      <Table.Td>
        <Button.Group>
          <Button size="compact-sm" variant="default" onClick={onOpen} aria-label={`Details of ${item.fileName}`}>
            Details
          </Button>
          {mayWrite && (
            <ConfirmButton
              size="compact-sm"
              variant="default"
              question={`Take ${item.fileName} back?`}
              consequence="Everything that it said goes. The list that it had replaced holds again, and weaknesses follow."
              confirmLabel="Take back"
              onConfirm={() => undo.mutateAsync(item.id)}
            >
              Undo
            </ConfirmButton>
          )}
        </Button.Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** @returns how much a file says, in words */
export function totalsText({ totals }: SoftwareImport): string {
  const { software, weaknesses, answers, problems } = totals;
  const parts = [
    software === 0 ? '' : formatQuantity(software, 'component'),
    weaknesses === 0 ? '' : formatQuantity(weaknesses, 'weakness', 'weaknesses'),
    answers === 0 ? '' : formatQuantity(answers, 'answer'),
    problems === 0 ? '' : `${formatQuantity(problems, 'row')} left out`,
  ];
  return parts.filter(Boolean).join(', ') || 'only names of devices';
}
