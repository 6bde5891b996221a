import { Anchor, Badge, Button, Group, Select, Table, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { ImportPlaybook } from './import-playbook.tsx';
import { type PlaybookItem, usePlaybooks } from './queries.ts';

/** What do we do in which situation? */
export default function PlaybooksPage() {
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const mayWrite = useMay('playbooks:write');
  const [isImporting, setImporting] = useState(false);
  const search = parameters.get('search') ?? '';
  const subject = parameters.get('for') ?? '';
  return (
    <>
      <PageHeader
        title="Playbooks"
        description="What to do in which situation, step by step, with cautions for patients, whom to tell and how to come back. Written in CACAO 2.0, so that other programs can read them, too."
        actions={
          mayWrite && (
            <>
              <Button component={Link} to="/playbooks/new/edit" variant="default">
                Write a playbook
              </Button>
              <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setImporting(true)}>
                Import a playbook
              </Button>
            </>
          )
        }
      />
      <Group mb="md" align="flex-end">
        <DelayedTextInput
          label="Search"
          value={search}
          onChange={(text) => change('search', text === '' ? null : text)}
          placeholder="ransomware, pump, portal …"
          w={280}
        />
        <Select
          label="For"
          value={subject}
          onChange={(value) => change('for', value === '' ? null : value)}
          data={[
            { value: '', label: 'Incidents and weaknesses' },
            { value: 'incident', label: 'Incidents' },
            { value: 'weakness', label: 'Weaknesses' },
          ]}
          allowDeselect={false}
        />
      </Group>
      <PlaybookList search={search} subject={subject} />
      {isImporting && mayWrite && <ImportPlaybook onClose={() => setImporting(false)} />}
    </>
  );
}

function PlaybookList({ search, subject }: { search: string; subject: string }) {
  const filter = { ...(search === '' ? {} : { search }), ...(subject === '' ? {} : { subject }) };
  const { data, error, refetch } = usePlaybooks(filter);
  if (data === undefined) {
    return error === null ? <LoadingState what="the playbooks" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return <EmptyState title="No playbook fits" description="Search for less, or import one of your own." />;
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label="Playbooks, most urgent first" verticalSpacing="xs">
        <TableHead
          columns={[
            'Playbook',
            'For',
            { title: 'Steps', isNumber: true },
            { title: 'Priority', isNumber: true },
            'From',
          ]}
        />
        <Table.Tbody>
          {data.items.map((item) => (
            <PlaybookRow key={item.id} item={item} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function PlaybookRow({ item }: { item: PlaybookItem }) {
  return (
    <Table.Tr>
      <Table.Td maw={620}>
        <Anchor component={Link} to={`/playbooks/${encodeURIComponent(item.id)}`} fw={500}>
          {item.name}
        </Anchor>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {item.description}
        </Text>
      </Table.Td>
      <Table.Td>{item.subjects.join(', ') || 'by hand'}</Table.Td>
      <Table.Td ta="right">{item.steps}</Table.Td>
      <Table.Td ta="right">{item.priority ?? ''}</Table.Td>
      <Table.Td>
        {item.origin === 'sphinx' ? (
          'SPHINX'
        ) : (
          <Badge color="blue.9" tt="none" size="sm">
            {item.isReplacing ? 'own, replaces' : 'own'}
          </Badge>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
