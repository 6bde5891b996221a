import { Button, Group, List, Table, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type OwnSubmission, useMakerView, useOwnSubmissions, useWithdraw } from './queries.ts';
import { SendDialog } from './send-dialog.tsx';
import { contentText, modelText, SubmissionBadge } from './submission-words.tsx';

/** What have we told this hospital of our devices, and what became of it? */
export function DocumentsView() {
  const { data, error, isPending, refetch } = useOwnSubmissions();
  const { isVendor } = useMakerView();
  const maySend = useMay('vendor:upload') && isVendor;
  const [isSending, setSending] = useState(false);
  const send = maySend && (
    <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setSending(true)}>
      Send a document
    </Button>
  );
  if (isPending) return <LoadingState what="the documents" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState
          title="No document was sent"
          description="Bills of materials (CycloneDX, SPDX), statements on weaknesses (CSAF, OpenVEX, CycloneDX VEX) and MDS2 forms of your models. Nothing of them counts before the hospital has accepted it."
          action={send}
        />
      ) : (
        <>
          <Group justify="flex-end" mb="sm">
            {send}
          </Group>
          <Table.ScrollContainer minWidth={760}>
            <Table aria-label="Documents, newest first" highlightOnHover>
              <TableHead columns={['Document', 'Model', 'Sent', 'State', 'Action']} />
              <Table.Tbody>
                {data.items.map((item) => (
                  <DocumentRow key={item.id} item={item} maySend={maySend} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
      {isSending && <SendDialog onClose={() => setSending(false)} />}
    </>
  );
}

function DocumentRow({ item, maySend }: { item: OwnSubmission; maySend: boolean }) {
  const withdraw = useWithdraw();
  return (
    <Table.Tr>
      <Table.Td maw={360}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {item.fileName}
        </Text>
        <Text size="xs" c="dimmed">
          {contentText(item)}
        </Text>
        {item.problems.length > 0 && (
          <List size="xs">
            {item.problems.slice(0, 3).map(({ where, what }) => (
              <List.Item key={`${where} ${what}`}>{`Left out: ${where}: ${what}`}</List.Item>
            ))}
          </List>
        )}
      </Table.Td>
      <Table.Td>{modelText(item)}</Table.Td>
      <Table.Td>
        <TimeText time={item.receivedAt} />
      </Table.Td>
      <Table.Td maw={260}>
        <SubmissionBadge state={item.state} />
        {item.decision !== '' && <Text size="xs">{item.decision}</Text>}
      </Table.Td>
      <Table.Td>
        {maySend && item.state === 'waiting' && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question={`Withdraw ${item.fileName}?`}
            consequence="The hospital keeps it on record as withdrawn and does not use it."
            confirmLabel="Withdraw"
            onConfirm={() => withdraw.mutateAsync(item.id)}
          >
            Withdraw
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
