import { Anchor, Button, Group, Menu, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { apiUrl } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { AppetiteForm } from './appetite-form.tsx';
import {
  dismissProposal,
  type Proposal,
  type RegisterItem,
  takeProposal,
  useProposals,
  useRegister,
  useRiskChange,
} from './register-queries.ts';
import { CONCERN_WORDS, CONSEQUENCE_WORDS, dayText } from './register-words.ts';
import { LevelBadge } from './risk-words.tsx';

const CSV_TABLES = ['register', 'register-history', 'services', 'assets', 'threats', 'controls', 'forecasts'] as const;
export const NEW_ENTRY = 'new';

/** Who carries which risk, what is done about it, and what is above what the hospital carries? */
export function RegisterView() {
  const { data, error, refetch } = useRegister();
  const [search, setSearch] = useState('');
  const set = useParameterChange();
  const mayWrite = useMay('risk:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the risk register" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  const words = search.trim().toLowerCase();
  const found = data.items.filter(({ number, title, owner }) =>
    `r-${number} ${title} ${owner}`.toLowerCase().includes(words),
  );
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <TextInput
          aria-label="Search the register"
          placeholder="Number, title or owner"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Group gap="xs">
          <ReportMenu />
          {mayWrite && <Button onClick={() => set('entry', NEW_ENTRY)}>Add a risk</Button>}
        </Group>
      </Group>
      {data.items.length === 0 ? (
        <EmptyState
          title="The register is empty"
          description="Take what the model proposes below, or add what it cannot know: a supplier, a building, a person."
        />
      ) : (
        <RegisterTable items={found} />
      )}
      <Proposals />
      <AppetiteForm />
    </Stack>
  );
}

function ReportMenu() {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">Report and export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={apiUrl('/risk/report')}>
          Report for the board, PDF
        </Menu.Item>
        <Menu.Item component="a" href={apiUrl('/risk/report', { format: 'html' })} target="_blank" rel="noreferrer">
          Report for the board, page to print
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href={apiUrl('/risk/export')}>
          Everything, JSON
        </Menu.Item>
        {CSV_TABLES.map((table) => (
          <Menu.Item key={table} component="a" href={apiUrl('/risk/export', { format: 'csv', table })}>
            CSV: {table.replace('-', ' ')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function RegisterTable({ items }: { items: readonly RegisterItem[] }) {
  const [parameters] = useSearchParams();
  const to = (id: string) => {
    const next = new URLSearchParams(parameters);
    next.set('entry', id);
    return `?${next}`;
  };
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Risk register, the worst first" verticalSpacing={6}>
        <TableHead columns={['No.', 'Risk', 'Level', 'For', 'Owner', 'Treatment', 'Review', 'Asks for']} />
        <Table.Tbody>
          {items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>R-{each.number}</Table.Td>
              <Table.Td maw={320}>
                <Group gap={6}>
                  <Anchor component={Link} to={to(each.id)} preventScrollReset size="sm">
                    {each.title}
                  </Anchor>
                  {each.isSample && <SampleBadge />}
                </Group>
              </Table.Td>
              <Table.Td>{each.basis === 'none' ? 'unknown' : <LevelBadge level={each.level} />}</Table.Td>
              <Table.Td>{CONSEQUENCE_WORDS[each.consequence]}</Table.Td>
              <Table.Td>{each.owner}</Table.Td>
              <Table.Td>{each.status === 'closed' ? 'closed' : each.treatment}</Table.Td>
              <Table.Td>{dayText(each.reviewAt)}</Table.Td>
              <Table.Td>{each.concerns.map((concern) => CONCERN_WORDS[concern] ?? concern).join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Proposals() {
  const { data } = useProposals();
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Above the appetite, and in nobody's hands
      </Title>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Proposals of the model" verticalSpacing={6}>
          <TableHead columns={['Risk', 'Level', 'Why', 'Take it, or leave it out']} />
          <Table.Tbody>
            {data.items.map((each) => (
              <ProposalRow key={each.key} proposal={each} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function ProposalRow({ proposal }: { proposal: Proposal }) {
  const [text, setText] = useState('');
  const take = useRiskChange(() => takeProposal(proposal.key, text));
  const dismiss = useRiskChange(() => dismissProposal(proposal.key, text));
  const mayWrite = useMay('risk:write');
  return (
    <Table.Tr>
      <Table.Td maw={280}>
        {proposal.title} {proposal.isSample && <SampleBadge />}
      </Table.Td>
      <Table.Td>
        <LevelBadge level={proposal.level} />
      </Table.Td>
      <Table.Td maw={300}>
        <Text size="sm">{proposal.reason}</Text>
      </Table.Td>
      <Table.Td>
        {mayWrite && (
          <Group gap={6} wrap="nowrap">
            <TextInput
              size="xs"
              placeholder="Owner, or why not"
              aria-label={`Owner of "${proposal.title}", or why it is left out`}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            <Button
              size="xs"
              disabled={text.trim() === ''}
              loading={take.isPending}
              onClick={() => take.mutate(undefined)}
            >
              Take
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={text.trim() === ''}
              loading={dismiss.isPending}
              onClick={() => dismiss.mutate(undefined)}
            >
              Leave out
            </Button>
          </Group>
        )}
        <ErrorText error={take.error ?? dismiss.error} />
      </Table.Td>
    </Table.Tr>
  );
}
