import { Anchor, Button, Card, Checkbox, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { IconDownload, IconPackage } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { apiUrl } from '../../api/request.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { downloadFile } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { type Job, JobProgress } from '../../components/job-progress.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import {
  type BundleKey,
  distrustKey,
  type Feed,
  trustKey,
  useBundleKeys,
  useFeedChange,
  writeBundle,
} from './queries.ts';

/** Carrying knowledge to a site without internet: one signed file, and the keys that are believed. */
export function BundlesView({ feeds, mayWrite }: { feeds: readonly Feed[]; mayWrite: boolean }) {
  return (
    <Stack gap="md">
      {mayWrite && <WriteBundle feeds={feeds.filter(({ current }) => current !== null)} />}
      <Keys mayWrite={mayWrite} />
    </Stack>
  );
}

function WriteBundle({ feeds }: { feeds: readonly Feed[] }) {
  const [left, setLeft] = useState<readonly string[]>([]);
  const [job, setJob] = useState<string | null>(null);
  const [bundle, setBundle] = useState<string | null>(null);
  const write = useFeedChange(writeBundle);
  const chosen = feeds.map(({ id }) => id).filter((id) => !left.includes(id));
  const end = ({ state, result }: Job) => {
    if (state !== 'succeeded') return;
    setJob(null);
    setBundle(String(result?.bundleId));
  };
  if (feeds.length === 0) {
    return (
      <EmptyState
        title="Nothing to pack yet"
        description="Update feeds or bring files first. Then all of them can be carried to another site in one signed file."
      />
    );
  }
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Pack a bundle
      </Title>
      <Checkbox.Group
        label="Which feeds go in"
        value={[...chosen]}
        onChange={(values) => setLeft(feeds.map(({ id }) => id).filter((id) => !values.includes(id)))}
      >
        <Group mt="xs">
          {feeds.map(({ id, title }) => (
            <Checkbox key={id} value={id} label={title} />
          ))}
        </Group>
      </Checkbox.Group>
      <ErrorText error={write.error} />
      <Group mt="md">
        <Button
          leftSection={<IconPackage size={16} aria-hidden />}
          disabled={chosen.length === 0 || job !== null}
          onClick={() => write.mutate(chosen, { onSuccess: ({ job: started }) => setJob(started) })}
        >
          Pack and sign
        </Button>
        {bundle !== null && (
          <Anchor
            href={apiUrl(`/feed-bundles/${encodeURIComponent(bundle)}`)}
            download
            size="sm"
            onClick={() => setBundle(null)}
          >
            Download {bundle}.zip
          </Anchor>
        )}
      </Group>
      {job !== null && <JobProgress id={job} onEnd={end} />}
    </Card>
  );
}

function Keys({ mayWrite }: { mayWrite: boolean }) {
  const { data: keys, error, refetch } = useBundleKeys();
  if (keys === undefined)
    return error === null ? <LoadingState what="the keys" /> : <ErrorState error={error} onRetry={refetch} />;
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Whose bundles are taken
      </Title>
      <Text size="sm" mb="sm">
        A bundle is read only when one of these keys has signed it. Give the key of this SPHINX to the site that is to
        take its bundles, on another way than the bundle.
      </Text>
      <Table aria-label="Keys of bundles">
        <TableHead columns={['Name', 'Key', 'Action']} />
        <Table.Tbody>
          {keys.map((key) => (
            <KeyRow key={key.key.keyid} entry={key} mayWrite={mayWrite} />
          ))}
        </Table.Tbody>
      </Table>
      {mayWrite && <TrustKey />}
    </Card>
  );
}

function KeyRow({ entry, mayWrite }: { entry: BundleKey; mayWrite: boolean }) {
  const { title, isOwn, key } = entry;
  const distrust = useFeedChange(distrustKey);
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {key.keyid}
      </Table.Td>
      <Table.Td>
        {isOwn ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => downloadFile('sphinx-bundle-key.json', new Blob([JSON.stringify(key, null, 2)]))}
          >
            Save as a file
          </Button>
        ) : (
          mayWrite && (
            <ConfirmButton
              size="compact-sm"
              variant="default"
              question={`Take no bundles of ${title} any more?`}
              consequence="What its bundles brought stays in use."
              confirmLabel="Take none"
              onConfirm={() => distrust.mutateAsync(key.keyid)}
            >
              Distrust
            </ConfirmButton>
          )
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function TrustKey() {
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Error | null>(null);
  const trust = useFeedChange(trustKey);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const key = parseKey(text);
    setProblem(
      key === undefined ? new Error('This is no key. Paste the whole file that the other SPHINX saved.') : null,
    );
    if (key === undefined) return;
    trust.mutate(
      { title, key },
      {
        onSuccess: () => {
          setTitle('');
          setText('');
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" mt="md">
        <TextInput
          label="Whose key it is"
          required
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Key, as the other SPHINX saved it"
          required
          flex={1}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={trust.isPending}>
          Trust it
        </Button>
      </Group>
      <ErrorText error={problem ?? trust.error} />
    </form>
  );
}

function parseKey(text: string): BundleKey['key'] | undefined {
  try {
    const key: unknown = JSON.parse(text);
    return typeof key === 'object' && key !== null && 'keyid' in key ? (key as BundleKey['key']) : undefined;
  } catch {
    return undefined;
  }
}
