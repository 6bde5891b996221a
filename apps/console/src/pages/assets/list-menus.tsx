import { ActionIcon, Anchor, Button, Checkbox, Group, Menu, Popover, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBookmark, IconColumns, IconDownload, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { ASSET_COLUMNS, type AssetColumnId } from './asset-columns.ts';
import { useAssetViews, useRemoveView, useSaveView } from './queries.ts';

/** Which columns the list has. */
export function ColumnPicker(props: {
  columns: readonly AssetColumnId[];
  onChange: (columns: readonly AssetColumnId[]) => void;
}) {
  const { columns, onChange } = props;
  return (
    <Popover position="bottom-end" trapFocus returnFocus withArrow>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Checkbox.Group
          label="Columns of the list"
          value={[...columns]}
          onChange={(chosen) => onChange(ASSET_COLUMNS.map(({ id }) => id).filter((id) => chosen.includes(id)))}
        >
          <Stack gap={8} mt="xs">
            {ASSET_COLUMNS.map(({ id, title }) => (
              <Checkbox key={id} value={id} label={title} size="xs" disabled={id === 'name'} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Saved views: the present filters, columns and order under a name of one's own. */
export function ViewsMenu({ query }: { query: string }) {
  const [isOpen, setOpen] = useState(false);
  const { data: views = [], error } = useAssetViews();
  const remove = useRemoveView();
  return (
    <Popover position="bottom-end" trapFocus returnFocus withArrow width={320} opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          onClick={() => setOpen((was) => !was)}
        >
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        <Stack gap="sm">
          <Text fw={600} size="sm">
            Saved views
          </Text>
          <ErrorText error={error ?? remove.error} />
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              None yet. Set filters, order and columns, then save them here under a name.
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.id} justify="space-between" wrap="nowrap">
              <Anchor component={Link} to={`/assets?${view.query}`} size="sm" onClick={() => setOpen(false)}>
                {view.name}
              </Anchor>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={`Remove view ${view.name}`}
                onClick={() => remove.mutate(view.id)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <SaveViewForm query={query} onSaved={() => setOpen(false)} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function SaveViewForm({ query, onSaved }: { query: string; onSaved: () => void }) {
  const [name, setName] = useState('');
  const save = useSaveView();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), query },
      {
        onSuccess: (view) => {
          notifications.show({ message: `Saved as “${view.name}”. It is in Views from now on.` });
          onSaved();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          label="Save the present view as"
          placeholder="Pumps in intensive care"
          value={name}
          maxLength={100}
          error={save.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}

/** All assets as a file, or just the rows of the present list. */
export function ExportMenu({ onExportList, isBusy }: { onExportList: () => void; isBusy: boolean }) {
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={isBusy}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onExportList}>This list as CSV</Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href="/api/v1/assets/export?format=csv" download>
          All assets as CSV
        </Menu.Item>
        <Menu.Item component="a" href="/api/v1/assets/export?format=json" download>
          All assets as JSON
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
