import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { useParameterChange, useView, ViewTabs } from '../../components/view-tabs.tsx';
import { downloadFiles } from './export-files.ts';
import { FileDrawer } from './file-drawer.tsx';
import { changeFilter, type FileFilter, isNarrowed, readFilter } from './file-filter.ts';
import { FileTable } from './file-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { PolicyView } from './policy-view.tsx';
import { useFilePolicy, useFiles } from './queries.ts';

const VIEWS = [
  { id: 'list', title: 'Seen' },
  { id: 'policy', title: 'Policy and rules' },
] as const;

/** Which files crossed the network, and was one of them dangerous? */
export default function FilesPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = readFilter(parameters);
  const { id: view } = useView(VIEWS);
  const change = (part: Partial<FileFilter>) =>
    setParameters(changeFilter(parameters, part), { replace: part.search !== undefined });
  const set = useParameterChange();
  return (
    <>
      <PageHeader
        title="Files"
        description="Every file that crossed the network: what it is by its content, between whom, and what scanning found. Content is kept only where policy says so, and clinical content never."
        actions={view === 'list' && <ExportButton filter={filter} />}
      />
      <ViewTabs views={VIEWS} label="Files and how they are treated">
        {({ id }) =>
          id === 'policy' ? (
            <PolicyView />
          ) : (
            <>
              <FilterBar filter={filter} onChange={change} />
              <FileList filter={filter} onChange={change} />
            </>
          )
        }
      </ViewTabs>
      <FileDrawer id={parameters.get('file')} onClose={() => set('file', null)} />
    </>
  );
}

function ExportButton({ filter }: { filter: FileFilter }) {
  const save = useMutation({ mutationFn: () => downloadFiles(filter) });
  return (
    <>
      <ErrorText error={save.error} />
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        CSV
      </Button>
    </>
  );
}

function FileList({ filter, onChange }: { filter: FileFilter; onChange: (part: Partial<FileFilter>) => void }) {
  const list = useFiles(filter);
  if (list.isPending) return <LoadingState what="the files" />;
  if (list.data === undefined) return <ErrorState error={list.error} onRetry={list.refetch} />;
  const files = list.data.pages.flatMap((page) => page.items);
  if (files.length === 0) return isNarrowed(filter) ? <NoneFits /> : <NothingYet />;
  return (
    <>
      <Text size="sm" role="status" mb="xs">
        {list.hasNextPage
          ? `The first ${formatCount(files.length)} files`
          : isNarrowed(filter)
            ? `${formatQuantity(files.length, 'file')} ${files.length === 1 ? 'fits' : 'fit'}`
            : formatQuantity(files.length, 'file')}
      </Text>
      <FileTable files={files} sort={filter.sort} onSort={(sort) => onChange({ sort })} />
      {list.hasNextPage && (
        <Group mt="sm">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </>
  );
}

function NoneFits() {
  return <EmptyState title="No file fits" description="Choose other words, or leave a filter out." />;
}

function NothingYet() {
  const isOff = useFilePolicy().data?.followsFiles === false;
  return isOff ? (
    <EmptyState
      title="Files are not followed"
      description="The settings say that files are neither hashed nor scanned. Whoever may change settings can switch it on."
      action={
        <Button component={Link} to="/settings?search=follow files" variant="default">
          Settings
        </Button>
      }
    />
  ) : (
    <EmptyState
      title="No files yet"
      description="Files appear here as they cross the network over HTTP, mail, FTP, TFTP, SMB or DICOM, where they are not encrypted. Add a capture file, a folder or a network interface."
      action={
        <Button component={Link} to="/sources" leftSection={<IconPlus size={16} aria-hidden />}>
          Add a traffic source
        </Button>
      }
    />
  );
}
