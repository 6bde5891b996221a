import { Anchor, Badge, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { type ProbeApproval, useApprovals, useProbingChange, withdraw } from './queries.ts';

/** Who agreed to probes of which device, and until when? */
export function AgreementsView() {
  const { data, error, isPending, refetch } = useApprovals();
  if (isPending) return <LoadingState what="the agreements" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nobody has agreed to anything"
        description="Devices whose policy asks for a person are left alone. Choose one under “Ask a device” to see what would be sent, and agree there."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label="Agreements, newest first" highlightOnHover>
        <TableHead columns={['Device', 'Agreed', 'Until', 'To what', 'Action']} />
        <Table.Tbody>
          {data.items.map((approval) => (
            <AgreementRow key={approval.id} approval={approval} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function AgreementRow({ approval }: { approval: ProbeApproval }) {
  const { id, target, by, at, until, isOutOfCare, credentials, note, withdrawnAt } = approval;
  const mayWithdraw = useMay('probes:approve');
  const take = useProbingChange(withdraw);
  const isOver = withdrawnAt !== null || until <= Date.now();
  return (
    <Table.Tr>
      <Table.Td>
        {target.startsWith('ast_') ? (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(target)}`} size="sm">
            {target}
          </Anchor>
        ) : (
          target
        )}
      </Table.Td>
      <Table.Td>
        {by}
        <Text size="xs" c="dimmed">
          <TimeText time={at} />
        </Text>
      </Table.Td>
      <Table.Td>
        {withdrawnAt === null ? formatTime(until) : `withdrawn ${formatTime(withdrawnAt)}`}
        {isOver && (
          <Badge color="gray.7" tt="none" ml={6}>
            over
          </Badge>
        )}
      </Table.Td>
      <Table.Td maw={300}>
        {isOutOfCare && <Text size="sm">It is on no patient.</Text>}
        {credentials.length > 0 && <Text size="sm">{`Logins: ${credentials.join(', ')}`}</Text>}
        <Text size="sm">{note}</Text>
      </Table.Td>
      <Table.Td>
        {mayWithdraw && !isOver && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question="Withdraw the agreement?"
            consequence="Probes that run on it are cut off at once."
            confirmLabel="Withdraw"
            onConfirm={() => take.mutateAsync(id)}
          >
            Withdraw
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
