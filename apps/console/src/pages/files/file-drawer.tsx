import { ActionIcon, Alert, Anchor, CopyButton, Group, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconEyeOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ApiError } from '../../api/request.ts';
import { SampleBadge } from '../../components/badges.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';
import { detailsOf } from '../explorer/record-details.ts';
import { useSourceTitles } from '../sources/queries.ts';
import { FileContent } from './file-content.tsx';
import { FileMatches } from './file-matches.tsx';
import { nameText } from './file-words.ts';
import { type FileDetail, useFile, useFileTypes } from './queries.ts';

/** One file: what, between whom, over what, and what scanning found. */
export function FileDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <DetailDrawer title="One file" id={id} onClose={onClose}>
      {(file) => <OneFile id={file} />}
    </DetailDrawer>
  );
}

function OneFile({ id }: { id: string }) {
  const { data: file, error } = useFile(id);
  if (error instanceof ApiError && error.status === 404)
    return <Text>It is not stored any more. Files are listed for a time that the settings say.</Text>;
  if (file === undefined) return error === null ? <LoadingState what="the file" /> : <ErrorText error={error} />;
  return (
    <Stack>
      {file.is_mismatch && <Mismatch file={file} />}
      <FileFacts file={file} />
      <SectionTitle>Hashes</SectionTitle>
      <Hashes file={file} />
      <SectionTitle>What YARA rules found</SectionTitle>
      <FileMatches file={file} />
      <SectionTitle>Content</SectionTitle>
      <FileContent file={file} />
    </Stack>
  );
}

function Mismatch({ file }: { file: FileDetail }) {
  return (
    <Alert color="orange" variant="outline" icon={<IconEyeOff aria-hidden />} title="It is not what it is called">
      Its content is {file.typeTitle}; {saysText(file)}. Harmless where a sender is careless, and a common way to bring
      something past people and filters.
    </Alert>
  );
}

function saysText({ extension, namedTypes, declared_type: declared }: FileDetail): string {
  const byName = namedTypes.length === 0 ? [] : [`its ending .${extension} stands for ${namedTypes.join(' or ')}`];
  const byType = declared === '' ? [] : [`its sender declares ${declared}`];
  return [...byName, ...byType].join(', and ');
}

function FileFacts({ file }: { file: FileDetail }) {
  const holders = useAddressHolders();
  const sources = useSourceTitles();
  return (
    <FactTable label="The file">
      <Fact title="Name">
        {nameText(file)} {file.is_sample && <SampleBadge />}
        {file.name.startsWith('*') && (
          <Text size="xs" c="dimmed">
            Names other than those of programs may be those of patients, and are not stored.
          </Text>
        )}
      </Fact>
      <Fact title="By its content">
        {file.typeTitle} ({file.media_type})
        {file.is_clinical && (
          <Text size="xs" c="dimmed">
            Clinical content: never kept.
          </Text>
        )}
      </Fact>
      <Fact title="By its name">{namedText(file)}</Fact>
      {file.declared_type !== '' && <Fact title="Declared as">{file.declared_type}</Fact>}
      <Fact title="From">
        <HolderText ip={file.src_ip} port={file.src_port} holder={holders.get(file.src_ip)} />
      </Fact>
      <Fact title="To">
        <HolderText ip={file.dst_ip} port={file.dst_port} holder={holders.get(file.dst_ip)} />
      </Fact>
      <Fact title="Over">
        {file.app_name}, {file.activity === 'upload' ? 'sent to the server' : 'fetched from the server'}.{' '}
        <Anchor component={Link} to={`/explorer?view=flows&flow=${encodeURIComponent(file.flow_id)}`} size="sm">
          Open the flow
        </Anchor>
      </Fact>
      <Fact title="Seen">
        {formatTime(file.time)}
        {lengthText(file)}
      </Fact>
      <Fact title="Size">{sizeText(file)}</Fact>
      {detailsOf(file.details).map(([name, value]) => (
        <Fact key={name} title={name}>
          {value}
        </Fact>
      ))}
      <Fact title="Seen in">
        {sources.get(file.source_id) ?? file.source_id}, packet {formatCount(file.packet_number)}
      </Fact>
    </FactTable>
  );
}

function namedText({ extension, namedTypes }: FileDetail): string {
  if (extension === '') return 'It has no ending that would say anything.';
  return namedTypes.length === 0
    ? `Its ending .${extension} stands for nothing that SPHINX knows.`
    : `.${extension}: ${namedTypes.join(' or ')}`;
}

function lengthText({ time, end_time: end }: FileDetail): string {
  const milliseconds = end - time;
  if (milliseconds < 1) return '';
  return milliseconds < 1000 ? `, within ${formatCount(milliseconds)} ms` : `, for ${formatDuration(milliseconds)}`;
}

function sizeText({ size, is_whole: isWhole, lost_bytes: lost }: FileDetail): string {
  const seen = `${formatBytes(size)}${size >= 1000 ? ` (${formatCount(size)} bytes)` : ''}`;
  if (isWhole) return `${seen}, whole`;
  return `${seen} seen of it${lost > 0 ? `, ${formatBytes(lost)} missing` : ', its end was not'}`;
}

function Hashes({ file }: { file: FileDetail }) {
  const isHashed = file.sha256 !== '';
  const same = useFileTypes(isHashed ? { sha256: file.sha256 } : {}).data;
  const crossings = same?.reduce((sum, { files }) => sum + files, 0) ?? 1;
  if (!isHashed) {
    return (
      <Text size="sm" c="dimmed">
        It was not hashed: the settings say so for DICOM objects.
      </Text>
    );
  }
  return (
    <>
      <Table aria-label="Hashes of the file" verticalSpacing={2} withRowBorders={false}>
        <Table.Tbody>
          {HASHES.filter((name) => file[name] !== '').map((name) => (
            <Fact key={name} title={HASH_TITLES[name]}>
              <Hash title={HASH_TITLES[name]} value={file[name]} />
            </Fact>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        {file.is_whole ? 'Of the whole file.' : 'Of the bytes that were seen: other tools will not know them.'}{' '}
        {crossings > 1 && (
          <Anchor component={Link} to={`/files?sha256=${file.sha256}`} size="sm">
            {formatQuantity(crossings, 'crossing')} of the same content
          </Anchor>
        )}
      </Text>
    </>
  );
}

const HASHES = ['sha256', 'sha1', 'md5'] as const;
const HASH_TITLES = { sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' } as const;

function Hash({ title, value }: { title: string; value: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Text ff="monospace" size="xs" style={{ overflowWrap: 'anywhere' }}>
        {value}
      </Text>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" size="sm" onClick={copy} aria-label={`${copied ? 'Copied' : 'Copy'} ${title}`}>
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  );
}
