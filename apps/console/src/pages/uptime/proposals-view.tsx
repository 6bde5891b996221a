import { Anchor, Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { addService, type Proposal, useCheckKinds, useProposals, useUptimeChange } from './queries.ts';

/** Services that others were seen to use: one click watches one. */
export function ProposalsView() {
  const { data, error, refetch } = useProposals();
  const mayChange = useMay('uptime:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="what is in use" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing in use is unwatched"
        description="Archives, interface engines and servers that others are seen to use will stand here. Read traffic to find them."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Services in use that nobody watches, most used first" verticalSpacing={6}>
        <TableHead
          columns={['Service', { title: 'Used by', isNumber: true }, 'Checks', ...(mayChange ? ['Action'] : [])]}
        />
        <Table.Tbody>
          {data.items.map((proposal) => (
            <ProposalRow key={proposal.id} proposal={proposal} mayChange={mayChange} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ProposalRow({ proposal, mayChange }: { proposal: Proposal; mayChange: boolean }) {
  const { name, host, assetId, care, clients, checks, refusal, needsAgreement } = proposal;
  const kinds = useCheckKinds().data?.items ?? [];
  const titleOf = (kind: string) => kinds.find(({ id }) => id === kind)?.title ?? kind;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/assets/${encodeURIComponent(assetId)}`} size="sm">
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {[host, care].filter((text) => text !== '').join(', ')}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(clients)}</Table.Td>
      <Table.Td>
        {checks.map(({ kind, port }) => (
          <Text key={`${kind} ${port}`} size="sm">
            {titleOf(kind)}, port {port}
          </Text>
        ))}
      </Table.Td>
      {mayChange && (
        <Table.Td maw={320}>
          {refusal === '' ? (
            <WatchButton proposal={proposal} needsAgreement={needsAgreement} />
          ) : (
            <Text size="sm">Not checked: {refusal}</Text>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function WatchButton({ proposal, needsAgreement }: { proposal: Proposal; needsAgreement: boolean }) {
  const { name, host, care, checks } = proposal;
  const add = useUptimeChange(addService);
  const mayAgree = useMay('probes:approve');
  const [isAsking, setAsking] = useState(false);
  const [agreement, setAgreement] = useState('');
  if (needsAgreement && !mayAgree) return <Text size="sm">Somebody who may agree to probes has to watch it.</Text>;
  const watch = () =>
    add.mutate(
      { name, host, care, checks, ...(agreement === '' ? {} : { agreement }) },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <>
      <Button
        size="compact-sm"
        loading={add.isPending}
        aria-label={`Watch ${name}`}
        onClick={() => (needsAgreement ? setAsking(true) : watch())}
      >
        Watch
      </Button>
      {!needsAgreement && <ErrorText error={add.error} />}
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Agree to regular checks of ${name}?`} centered>
        <Stack>
          <Text size="sm">
            The policy of this device lets it be checked regularly only after a person agreed. Look whether it is what
            you think, and that checks do no harm.
          </Text>
          <TextInput
            label="Why checks do no harm"
            required
            maxLength={300}
            data-autofocus
            value={agreement}
            onChange={({ currentTarget }) => setAgreement(currentTarget.value)}
          />
          <ErrorText error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button disabled={agreement.trim().length < 3} loading={add.isPending} onClick={watch}>
              Agree and watch
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
