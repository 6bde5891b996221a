import { Button, Group, Paper, Text } from '@mantine/core';
import { IconArrowMerge, IconFileImport, IconPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { type AssetFilter, isNarrowed, readFilter, writeFilter } from './asset-filter.ts';
import { AssetTable } from './asset-table.tsx';
import { downloadAssets } from './export-list.ts';
import { FilterBar } from './filter-bar.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ColumnPicker, ExportMenu, ViewsMenu } from './list-menus.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { type AssetSummary, useAssets, useAssetsSummary, useVerdicts } from './queries.ts';

/** What is on my network? */
export default function AssetsPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = readFilter(parameters);
  const summary = useAssetsSummary();
  const [isImporting, setImporting] = useState(false);
  const mayWrite = useMay('assets:write');
  const change = (part: Partial<AssetFilter>) =>
    setParameters(writeFilter({ ...filter, ...part }), { replace: part.search !== undefined });
  const isEmpty = summary.data?.total === 0 && !isNarrowed(filter);
  return (
    <>
      <PageHeader
        title="Assets"
        description="Every device and service that the network has shown, and what is known of it."
        actions={
          <>
            <ViewsMenu query={writeFilter(filter).toString()} />
            <ColumnPicker columns={filter.columns} onChange={(columns) => change({ columns })} />
            <ExportList filter={filter} />
            {mayWrite && (
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} aria-hidden />}
                onClick={() => setImporting(true)}
              >
                Import
              </Button>
            )}
          </>
        }
      />
      {isEmpty ? (
        <NothingYet />
      ) : (
        <>
          <FilterBar filter={filter} summary={summary.data} onChange={change} />
          <AssetList filter={filter} onChange={change} mayWrite={mayWrite} />
        </>
      )}
      <ImportDialog isOpen={isImporting} onClose={() => setImporting(false)} />
    </>
  );
}

function NothingYet() {
  return (
    <EmptyState
      title="No assets yet"
      description="Assets appear here by themselves as soon as SPHINX sees traffic. Add a capture file, a folder or a network interface, or look around with sample traffic."
      action={
        <Button component={Link} to="/sources" leftSection={<IconPlus size={16} aria-hidden />}>
          Add a traffic source
        </Button>
      }
    />
  );
}

function ExportList({ filter }: { filter: AssetFilter }) {
  const [isBusy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      await downloadAssets(filter);
    } finally {
      setBusy(false);
    }
  };
  return <ExportMenu onExportList={download} isBusy={isBusy} />;
}

function AssetList(props: { filter: AssetFilter; onChange: (part: Partial<AssetFilter>) => void; mayWrite: boolean }) {
  const { filter, onChange, mayWrite } = props;
  const { data, error, isPending, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } =
    useAssets(filter);
  const verdicts = useVerdicts();
  const { selected, toggle, clear } = useSelection();
  const needMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (isPending) return <LoadingState what="the assets" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const rows = data.pages.flatMap(({ items }) => items);
  const total = data.pages.at(-1)?.total ?? rows.length;
  return (
    <>
      <Group justify="space-between" my="sm" mih={36}>
        <Text size="sm" role="status">
          {formatQuantity(total, 'asset')}
          {isNarrowed(filter) && (total === 1 ? ' fits the filters' : ' fit the filters')}
          {isFetching ? ' · updating …' : ''}
        </Text>
        {mayWrite && selected.size > 0 && (
          <Selection assets={rows.filter(({ id }) => selected.has(id))} count={selected.size} onClear={clear} />
        )}
      </Group>
      {total === 0 ? (
        <EmptyState title="Nothing fits these filters" description="Clear a filter or search for less." />
      ) : (
        <AssetTable
          rows={rows}
          total={total}
          columns={filter.columns}
          sort={filter.sort}
          onSort={(sort) => onChange({ sort })}
          verdicts={verdicts}
          selected={selected}
          onToggle={toggle}
          onNeedMore={needMore}
        />
      )}
    </>
  );
}

function useSelection() {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  return { selected, toggle, clear: () => setSelected(new Set()) };
}

function Selection(props: { assets: readonly AssetSummary[]; count: number; onClear: () => void }) {
  const { assets, count, onClear } = props;
  const [isMerging, setMerging] = useState(false);
  const navigate = useNavigate();
  return (
    <Paper>
      <Group gap="xs">
        <Text size="sm" role="status">
          {count} selected
        </Text>
        <Button
          size="xs"
          disabled={assets.length < 2}
          leftSection={<IconArrowMerge size={16} aria-hidden />}
          onClick={() => setMerging(true)}
        >
          Merge
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear selection
        </Button>
      </Group>
      <MergeDialog
        assets={assets}
        isOpen={isMerging}
        onClose={() => setMerging(false)}
        onMerged={(id) => navigate(`/assets/${encodeURIComponent(id)}`)}
      />
    </Paper>
  );
}
