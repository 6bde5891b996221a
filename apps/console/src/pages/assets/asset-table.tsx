import { Checkbox, UnstyledButton, VisuallyHidden } from '@mantine/core';
import type { Verdict } from '@sphinx/schema';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useCallback, useEffect, useRef, useState } from 'react';
import { AssetCell } from './asset-cell.tsx';
import { type AssetColumnId, columnsOf } from './asset-columns.ts';
import { nextSort } from './asset-filter.ts';
import classes from './asset-table.module.css';
import type { AssetSummary } from './queries.ts';

const ROW_HEIGHT_PX = 40;
const SELECT_COLUMN_PX = 44;
/** Rows before the end of what is loaded at which more is asked for. */
const LOOK_AHEAD_ROWS = 100;

/** The list itself: any number of rows, of which only the visible ones exist in the page. */
export function AssetTable(props: {
  rows: readonly AssetSummary[];
  total: number;
  columns: readonly AssetColumnId[];
  sort: string;
  onSort: (sort: string) => void;
  verdicts: ReadonlyMap<string, Verdict>;
  selected: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onNeedMore: () => void;
}) {
  const { rows, total, sort, onSort, verdicts, selected, onToggle, onNeedMore } = props;
  const columns = columnsOf(props.columns);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
    // The head covers the top of what is scrolled to.
    scrollPaddingStart: ROW_HEIGHT_PX,
  });
  const { active, onKeyDown } = useRowKeys({
    count: total,
    scroller,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    onToggle: (index) => {
      const row = rows[index];
      if (row !== undefined) onToggle(row.id);
    },
  });
  const visible = virtualizer.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const isMoreNeeded = rows.length < total && last >= rows.length - LOOK_AHEAD_ROWS;
  useEffect(() => {
    if (isMoreNeeded) onNeedMore();
  }, [isMoreNeeded, onNeedMore]);

  const before = visible[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0);
  const width = SELECT_COLUMN_PX + columns.reduce((sum, { widthPx }) => sum + widthPx, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section ref={scroller} className={classes.scroller} tabIndex={0} aria-label="Assets, scrollable">
      <table
        className={classes.table}
        style={{ minWidth: width, width: '100%' }}
        aria-rowcount={total + 1}
        aria-describedby="asset-table-keys"
      >
        <caption>
          <VisuallyHidden id="asset-table-keys">
            Assets. Arrow keys move between rows, Space selects a row, Enter opens it.
          </VisuallyHidden>
        </caption>
        <colgroup>
          <col style={{ width: SELECT_COLUMN_PX }} />
          {columns.map(({ id, widthPx }) => (
            <col key={id} style={{ width: widthPx }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <VisuallyHidden>Selected</VisuallyHidden>
            </th>
            {columns.map(({ id, title, sortKey }) => (
              <th key={id} scope="col" aria-sort={sortStateOf(sort, sortKey)}>
                {sortKey === undefined ? title : <SortButton {...{ title, sortKey, sort, onSort }} />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          <Spacer height={before} columns={columns.length + 1} />
          {visible.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return <WaitingRow key={index} index={index} columns={columns.length + 1} />;
            return (
              <AssetRow
                key={row.id}
                index={index}
                asset={row}
                verdict={verdicts.get(row.id)}
                columns={props.columns}
                isSelected={selected.has(row.id)}
                isReachable={
                  index === Math.min(active, rows.length - 1) ||
                  (index === visible[0]?.index && !isVisible(active, visible))
                }
                onToggle={onToggle}
              />
            );
          })}
          <Spacer height={after} columns={columns.length + 1} />
        </tbody>
      </table>
    </section>
  );
}

const isVisible = (index: number, visible: readonly { index: number }[]) =>
  index >= (visible[0]?.index ?? 0) && index <= (visible.at(-1)?.index ?? 0);

function SortButton(props: { title: string; sortKey: string; sort: string; onSort: (sort: string) => void }) {
  const { title, sortKey, sort, onSort } = props;
  const Icon = sort === sortKey ? IconArrowUp : sort === `-${sortKey}` ? IconArrowDown : IconArrowsSort;
  return (
    <UnstyledButton className={classes.sort} onClick={() => onSort(nextSort(sort, sortKey))}>
      {title}
      <Icon size={14} aria-hidden />
    </UnstyledButton>
  );
}

function sortStateOf(sort: string, sortKey: string | undefined): 'ascending' | 'descending' | undefined {
  if (sortKey === undefined) return undefined;
  if (sort === sortKey) return 'ascending';
  return sort === `-${sortKey}` ? 'descending' : undefined;
}

/** Stands for the rows that are out of sight. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr className={classes.spacer} aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function WaitingRow({ index, columns }: { index: number; columns: number }) {
  return (
    <tr aria-rowindex={index + 2}>
      <td colSpan={columns}>Loading …</td>
    </tr>
  );
}

/** Memoised: while scrolling, rows that stay in sight are not drawn again. */
const AssetRow = memo(function AssetRow(props: {
  index: number;
  asset: AssetSummary;
  verdict: Verdict | undefined;
  columns: readonly AssetColumnId[];
  isSelected: boolean;
  isReachable: boolean;
  onToggle: (id: string) => void;
}) {
  const { index, asset, verdict, isSelected, isReachable, onToggle } = props;
  return (
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      data-index={index}
      {...(isSelected ? { 'data-selected': true } : {})}
    >
      <td>
        <Checkbox
          size="xs"
          aria-label={`Select ${asset.name}`}
          checked={isSelected}
          tabIndex={isReachable ? 0 : -1}
          onChange={() => onToggle(asset.id)}
        />
      </td>
      {columnsOf(props.columns).map(({ id }) => (
        <td key={id}>
          <AssetCell column={id} asset={asset} verdict={verdict} isReachable={isReachable} />
        </td>
      ))}
    </tr>
  );
});

/** Arrow keys, Home, End and page keys move from row to row; Space selects. Enter is the link's own. */
function useRowKeys(options: {
  count: number;
  scroller: { readonly current: HTMLElement | null };
  scrollTo: (index: number) => void;
  onToggle: (index: number) => void;
}) {
  const { count, scroller, scrollTo, onToggle } = options;
  const [active, setActive] = useState(0);
  const isFocusWanted = useRef(false);
  useEffect(() => {
    if (!isFocusWanted.current) return;
    // The row may exist only after the list has been scrolled.
    const frame = requestAnimationFrame(() => {
      const link = scroller.current?.querySelector<HTMLElement>(`tr[data-index="${active}"] a`);
      link?.focus({ preventScroll: true });
      isFocusWanted.current = link === null || link === undefined;
    });
    return () => cancelAnimationFrame(frame);
  });
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-index]');
      if (row === null) return;
      const index = Number(row.dataset.index);
      if (event.key === ' ' && (event.target as HTMLElement).tagName === 'A') {
        event.preventDefault();
        onToggle(index);
        return;
      }
      const target = targetOf(event.key, index, count);
      if (target === undefined) return;
      event.preventDefault();
      isFocusWanted.current = true;
      scrollTo(target);
      setActive(target);
    },
    [count, scrollTo, onToggle],
  );
  return { active, onKeyDown };
}

const PAGE_ROWS = 15;

function targetOf(key: string, index: number, count: number): number | undefined {
  const last = Math.max(0, count - 1);
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + PAGE_ROWS);
    case 'PageUp':
      return Math.max(0, index - PAGE_ROWS);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
