import { Button, Card, Group, MultiSelect, NumberInput, Select, TagsInput, Text } from '@mantine/core';
import type { Severity } from '@sphinx/schema';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { SEVERITIES } from '../../components/badges.tsx';
import type { Adjustment } from '../rules/queries.ts';

const ENDS = [
  { value: 'either', label: 'either end' },
  { value: 'source', label: 'the sender' },
  { value: 'destination', label: 'the receiver' },
];
const BY = [
  { value: 'source', label: 'each sender' },
  { value: 'destination', label: 'each receiver' },
  { value: 'pair', label: 'each pair' },
  { value: 'rule', label: 'all together' },
];
const FIRST_LIMIT = { count: 1, seconds: 3600, by: 'source' } as const;

/** One part of the hospital, and what becomes of a match there. */
export function AdjustmentForm(props: {
  number: number;
  adjustment: Adjustment;
  mayWrite: boolean;
  onChange: (adjustment: Adjustment) => void;
  onRemove: () => void;
}) {
  const { number, adjustment, mayWrite, onChange, onRemove } = props;
  const { scope, action, severity, limit } = adjustment;
  const groups = useAssetGroups();
  const setScope = (part: Partial<Adjustment['scope']>) => onChange({ ...adjustment, scope: { ...scope, ...part } });
  return (
    <Card withBorder component="fieldset" disabled={!mayWrite} aria-label={`Part ${number}`} p="sm">
      <Group align="start" gap="sm">
        <TagsInput
          label="Addresses and networks"
          placeholder={scope.addresses.length === 0 ? 'every address' : ''}
          w={250}
          value={[...scope.addresses]}
          onChange={(addresses) => setScope({ addresses })}
        />
        <MultiSelect
          label="Kinds of assets"
          placeholder={scope.kinds.length === 0 ? 'every kind' : ''}
          w={240}
          searchable
          data={groups.kinds}
          value={[...scope.kinds]}
          onChange={(kinds) => setScope({ kinds })}
        />
        <MultiSelect
          label="Zones"
          placeholder={scope.zones.length === 0 ? 'every zone' : ''}
          w={200}
          searchable
          data={groups.zones}
          value={[...scope.zones]}
          onChange={(zones) => setScope({ zones })}
        />
        <Select
          label="Which end has to fit"
          w={150}
          allowDeselect={false}
          data={ENDS}
          value={scope.end}
          onChange={(end) => setScope({ end: end as Adjustment['scope']['end'] })}
        />
      </Group>
      <Group align="end" gap="sm" mt="sm">
        <Select
          label="A match is"
          w={120}
          allowDeselect={false}
          data={[
            { value: 'quiet', label: 'kept quiet' },
            { value: 'tell', label: 'told' },
          ]}
          value={action}
          onChange={(value) => onChange({ ...adjustment, action: value === 'tell' ? 'tell' : 'quiet' })}
        />
        {action === 'tell' && (
          <>
            <Select
              label="with severity"
              placeholder="as the rule says"
              w={170}
              clearable
              clearButtonProps={{ 'aria-label': 'Severity as the rule says' }}
              data={[...SEVERITIES]}
              value={severity}
              onChange={(value) => onChange({ ...adjustment, severity: value as Severity | null })}
            />
            <NumberInput
              label="at most so often"
              placeholder="no limit"
              w={130}
              min={1}
              allowDecimal={false}
              value={limit?.count ?? ''}
              onChange={(count) =>
                onChange({
                  ...adjustment,
                  limit: typeof count === 'number' ? { ...(limit ?? FIRST_LIMIT), count } : null,
                })
              }
            />
            {limit !== null && (
              <>
                <NumberInput
                  label="in so many seconds"
                  w={150}
                  min={1}
                  allowDecimal={false}
                  value={limit.seconds}
                  onChange={(seconds) =>
                    typeof seconds === 'number' && onChange({ ...adjustment, limit: { ...limit, seconds } })
                  }
                />
                <Select
                  label="counted for"
                  w={150}
                  allowDeselect={false}
                  data={BY}
                  value={limit.by}
                  onChange={(by) =>
                    onChange({ ...adjustment, limit: { ...limit, by: (by ?? 'source') as typeof limit.by } })
                  }
                />
              </>
            )}
          </>
        )}
        {mayWrite && (
          <Button variant="default" onClick={onRemove} aria-label={`Remove part ${number}`}>
            Remove
          </Button>
        )}
      </Group>
      {scope.addresses.length + scope.kinds.length + scope.zones.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          Everywhere: nothing is named.
        </Text>
      )}
    </Card>
  );
}

interface Count {
  readonly id: string;
  readonly title: string;
}

/** Kinds and zones that the inventory knows, as far as it is on and the person may read it. */
function useAssetGroups() {
  const isOff = useServicesOff().has('asset-inventory');
  const mayRead = useMay('assets:read');
  const { data } = useQuery({
    queryKey: ['assets', 'summary'],
    queryFn: ({ signal }) =>
      request<{ kinds: readonly Count[]; zones: readonly Count[] }>('GET', '/assets/summary', { signal }),
    enabled: mayRead && !isOff,
  });
  const choicesOf = (counts: readonly Count[] = []) => counts.map(({ id, title }) => ({ value: id, label: title }));
  return { kinds: choicesOf(data?.kinds), zones: choicesOf(data?.zones) };
}
