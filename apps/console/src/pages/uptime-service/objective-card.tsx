import { Button, Checkbox, Group, NumberInput, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatDuration, formatQuantity } from '../../components/format.ts';
import { changeService, type MonitoredService, useUptimeChange } from '../uptime/queries.ts';
import { BudgetText } from '../uptime/services-view.tsx';

const USUAL_PERCENT = 99.5;
const USUAL_DAYS = 30;

/** What the service must keep, what is left, and a place to change it. */
export function ObjectiveCard({ service }: { service: MonitoredService }) {
  const { objective, budget, recoveryMinutes, dataLossMinutes, isOnStatusPage } = service;
  const mayChange = useMay('uptime:write');
  const [isChanging, setChanging] = useState(false);
  return (
    <Paper component="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Objectives
        </Title>
        {mayChange && !isChanging && (
          <Button size="compact-sm" variant="default" onClick={() => setChanging(true)}>
            Change
          </Button>
        )}
      </Group>
      {isChanging ? (
        <ObjectiveForm service={service} onDone={() => setChanging(false)} />
      ) : (
        <>
          {objective !== null && budget !== null && (
            <>
              <Text size="sm">
                {objective.availabilityPercent} % available over {objective.days} days.{' '}
                {budget.availability.percent === null
                  ? 'Nothing is measured yet.'
                  : `Measured: ${budget.availability.percent.toFixed(3)} %, ${formatQuantity(budget.availability.outages, 'outage')}, ${formatDuration(budget.availability.downMs)} down, ${formatDuration(budget.availability.plannedMs)} planned and left out.`}
              </Text>
              <BudgetText budget={budget} />
              {budget.fastPercent !== null && (
                <Text size="sm">
                  {budget.fastPercent} % of the checks were answered fast; {objective.fastPercent} % are asked for.
                </Text>
              )}
            </>
          )}
          {objective === null && <Text size="sm">No objective is set.</Text>}
          <Text size="sm">
            {recoveryMinutes === null
              ? 'No recovery time objective (RTO) is set.'
              : `Back within ${formatDuration(recoveryMinutes * 60_000)} (RTO).`}{' '}
            {dataLossMinutes === null
              ? 'No recovery point objective (RPO) is set.'
              : `Data of at most ${formatDuration(dataLossMinutes * 60_000)} may be lost (RPO).`}{' '}
            {isOnStatusPage ? 'It stands on the status page.' : 'It does not stand on the status page.'}
          </Text>
        </>
      )}
    </Paper>
  );
}

function ObjectiveForm({ service, onDone }: { service: MonitoredService; onDone: () => void }) {
  const { id, objective } = service;
  const change = useUptimeChange(changeService);
  const [percent, setPercent] = useState<number | string>(objective?.availabilityPercent ?? USUAL_PERCENT);
  const [days, setDays] = useState<number | string>(objective?.days ?? USUAL_DAYS);
  const [fast, setFast] = useState<number | string>(objective?.fastPercent ?? '');
  const [recovery, setRecovery] = useState<number | string>(service.recoveryMinutes ?? '');
  const [loss, setLoss] = useState<number | string>(service.dataLossMinutes ?? '');
  const [isOnStatusPage, setOnStatusPage] = useState(service.isOnStatusPage);
  const orNull = (value: number | string) => (value === '' ? null : Number(value));
  const save = () =>
    change.mutate(
      {
        id,
        objective: { availabilityPercent: Number(percent), days: Number(days), fastPercent: orNull(fast) },
        recoveryMinutes: orNull(recovery),
        dataLossMinutes: orNull(loss),
        isOnStatusPage,
      },
      { onSuccess: onDone },
    );
  return (
    <>
      <Group align="end" mb="xs">
        <NumberInput
          label="Available, percent"
          min={50}
          max={99.999}
          decimalScale={3}
          w={150}
          value={percent}
          onChange={setPercent}
        />
        <NumberInput label="Over days" min={1} max={90} w={110} value={days} onChange={setDays} />
        <NumberInput label="Fast answers, percent" min={1} max={100} w={170} value={fast} onChange={setFast} />
        <NumberInput label="Back within minutes (RTO)" min={1} w={190} value={recovery} onChange={setRecovery} />
        <NumberInput label="Data lost, minutes (RPO)" min={0} w={190} value={loss} onChange={setLoss} />
        <Checkbox
          label="On the status page"
          checked={isOnStatusPage}
          onChange={({ currentTarget }) => setOnStatusPage(currentTarget.checked)}
        />
      </Group>
      <ErrorText error={change.error} />
      <Group>
        <Button size="compact-sm" loading={change.isPending} onClick={save}>
          Save
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </>
  );
}
