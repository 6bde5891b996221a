import {
  Anchor,
  Button,
  CloseButton,
  Group,
  NumberInput,
  Popover,
  Select,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { SEVERITIES } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { useLogChange, useSavedSearches } from './queries.ts';

/** Searches that were kept, and keeping this one; with a schedule it is a detection. */
export function SavedSearchBar({ query }: { query: string }) {
  const { data } = useSavedSearches();
  const set = useParameterChange();
  const change = useLogChange();
  const mayChange = useMay('logs:write');
  return (
    <Group gap="md">
      {data?.items.map(({ id, title, query: kept, schedule }) => (
        <Group key={id} gap={2}>
          <Anchor component="button" size="sm" onClick={() => set('query', kept)}>
            {schedule === null ? title : `${title} (alert from ${schedule.threshold} on)`}
          </Anchor>
          {mayChange && (
            <CloseButton
              size="xs"
              aria-label={`Forget ${title}`}
              onClick={() => change.mutate({ method: 'DELETE', path: `/log-searches/${id}` })}
            />
          )}
        </Group>
      ))}
      {mayChange && query !== '' && <SaveForm query={query} />}
    </Group>
  );
}

function SaveForm({ query }: { query: string }) {
  const [isOpen, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const [isAlert, setAlert] = useState(false);
  const [threshold, setThreshold] = useState(1);
  const [windowMinutes, setWindow] = useState(60);
  const [severity, setSeverity] = useState<string>('medium');
  const change = useLogChange();
  const save = () => {
    const schedule = { everyMinutes: Math.max(1, Math.floor(windowMinutes / 2)), windowMinutes, threshold, severity };
    change.mutate(
      { method: 'POST', path: '/log-searches', body: { title, query, schedule: isAlert ? schedule : null } },
      { onSuccess: () => setOpen(false) },
    );
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withArrow>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(!isOpen)}>
          Save this search
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <TextInput label="Title" value={title} onChange={({ currentTarget }) => setTitle(currentTarget.value)} />
          <Switch
            label="Raise an alert"
            checked={isAlert}
            onChange={({ currentTarget }) => setAlert(currentTarget.checked)}
          />
          {isAlert && (
            <>
              <NumberInput
                label="From so many events on"
                min={1}
                value={threshold}
                onChange={(n) => setThreshold(Number(n) || 1)}
              />
              <NumberInput
                label="In so many minutes"
                min={1}
                max={10_080}
                value={windowMinutes}
                onChange={(n) => setWindow(Number(n) || 1)}
              />
              <Select
                label="Severity"
                data={[...SEVERITIES]}
                allowDeselect={false}
                value={severity}
                onChange={(value) => setSeverity(value ?? 'medium')}
                comboboxProps={{ withinPortal: false }}
              />
            </>
          )}
          <ErrorText error={change.error} />
          <Button size="xs" disabled={title.trim() === ''} loading={change.isPending} onClick={save}>
            Save
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
