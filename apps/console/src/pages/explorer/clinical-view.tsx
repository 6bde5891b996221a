import { Alert, Badge, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import type { ExplorerFilter } from './explorer-filter.ts';
import { FlowDiagram } from './flow-diagram.tsx';
import { HolderText } from './holder-text.tsx';
import { type AddressHolder, type ClinicalLink, useAddressHolders, useClinicalLinks } from './queries.ts';

const HOUR_MS = 3_600_000;
/** A number that is parted from its unit is hard to compare. */
const NOWRAP = { whiteSpace: 'nowrap' } as const;

/** Which modality sends to which archive, how often, how well, how fast? */
export function ClinicalView({ filter }: { filter: ExplorerFilter }) {
  const { data: links, error } = useClinicalLinks(filter);
  const holders = useAddressHolders();
  if (links === undefined)
    return error === null ? <LoadingState what="care transactions" /> : <ErrorText error={error} />;
  if (links.length === 0) {
    return (
      <Text c="dimmed">
        No transaction of DICOM, HL7, FHIR, a laboratory link or a device at the bedside fits. They appear here as soon
        as such systems talk in clear text.
      </Text>
    );
  }
  const failures = links.reduce((sum, link) => sum + link.failures + link.unanswered, 0);
  return (
    <Stack>
      {failures > 0 && (
        <Alert
          color="orange"
          variant="outline"
          icon={<IconAlertTriangle aria-hidden />}
          title={`${formatQuantity(failures, 'transaction')} failed or got no answer`}
        >
          Their bands are orange; the table says how many on which way.
        </Alert>
      )}
      <FlowDiagram
        label={`${links.length} ways of care transactions between systems. The table below holds the same in words.`}
        links={links.map((link) => ({
          from: nameOf(link.clientNames, link.clientIp, holders),
          to: nameOf(link.serverNames, link.serverIp, holders),
          value: link.transactions,
          isTroubled: link.failures + link.unanswered > 0,
        }))}
      />
      <LinkTable links={links} holders={holders} />
    </Stack>
  );
}

/** As people call it: the asset's name, else what it calls itself on the wire, else its address. */
function nameOf(names: readonly string[], ip: string, holders: ReadonlyMap<string, AddressHolder>): string {
  return holders.get(ip)?.name ?? names[0] ?? ip;
}

function LinkTable(props: { links: readonly ClinicalLink[]; holders: ReadonlyMap<string, AddressHolder> }) {
  const { links, holders } = props;
  return (
    <Table.ScrollContainer minWidth={1240}>
      <Table aria-label="Care transactions, busiest way first" verticalSpacing={6}>
        <TableHead
          columns={[
            'From',
            'To',
            'What',
            { title: 'Transactions', isNumber: true },
            { title: 'Per hour', isNumber: true },
            'Troubles',
            { title: 'Median answer', isNumber: true },
            { title: 'Slowest 5 %', isNumber: true },
            { title: 'Data', isNumber: true },
            'Last',
          ]}
        />
        <Table.Tbody>
          {links.map((link) => (
            <Table.Tr key={[link.protocol, link.clientIp, link.serverIp, link.serverPort].join('|')}>
              <Table.Td>
                <HolderText ip={link.clientIp} holder={holders.get(link.clientIp)} />
                <Titles names={link.clientNames} />
              </Table.Td>
              <Table.Td>
                <HolderText ip={link.serverIp} port={link.serverPort} holder={holders.get(link.serverIp)} />
                <Titles names={link.serverNames} />
              </Table.Td>
              <Table.Td>
                <Operations link={link} />
              </Table.Td>
              <Table.Td ta="right">{formatCount(link.transactions)}</Table.Td>
              <Table.Td ta="right">{rateText(link)}</Table.Td>
              <Table.Td>
                <Troubles link={link} />
              </Table.Td>
              <Table.Td ta="right" style={NOWRAP}>
                {latencyText(link.medianMs)}
              </Table.Td>
              <Table.Td ta="right" style={NOWRAP}>
                {link.slowMs === null ? '–' : `over ${latencyText(link.slowMs)}`}
              </Table.Td>
              <Table.Td ta="right" style={NOWRAP}>
                {formatBytes(link.bytes)}
              </Table.Td>
              <Table.Td>
                <TimeText time={link.lastTime} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Titles({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" title={names.join(', ')}>
      as {names.slice(0, 3).join(', ')}
      {names.length > 3 ? ` and ${names.length - 3} more` : ''}
    </Text>
  );
}

const SHOWN_OPERATIONS = 3;
/** As people call them. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  dicom: 'DICOM',
  dicomweb: 'DICOMweb',
  hl7: 'HL7',
  fhir: 'FHIR',
  astm: 'Laboratory link (ASTM)',
  'poct1-a': 'Point of care (POCT1-A)',
  intellivue: 'Monitor (IntelliVue)',
  'ieee-11073-20601': 'Personal device (IEEE 11073)',
  dpws: 'Device service (SDC)',
  medibus: 'Ventilator (MEDIBUS)',
  'datex-ohmeda': 'Monitor (S/5)',
  alaris: 'Infusion pump (Alaris)',
  masimo: 'Oximeter (Masimo)',
};

function Operations({ link }: { link: ClinicalLink }) {
  const { operations, protocol, isSample } = link;
  return (
    <>
      <Text size="sm">
        {PROTOCOL_NAMES[protocol] ?? protocol} {isSample && <SampleBadge />}
      </Text>
      <Text size="xs" c="dimmed">
        {operations
          .slice(0, SHOWN_OPERATIONS)
          .map(({ name, count }) => `${name} (${formatCount(count)})`)
          .join(', ')}
        {operations.length > SHOWN_OPERATIONS ? ` and ${operations.length - SHOWN_OPERATIONS} more` : ''}
      </Text>
    </>
  );
}

function Troubles({ link: { failures, unanswered } }: { link: ClinicalLink }) {
  if (failures + unanswered === 0) return <Text size="sm">none</Text>;
  return (
    <Stack gap={4} align="flex-start">
      {failures > 0 && (
        <Badge color="orange.9" tt="none" miw="max-content">
          {formatCount(failures)} failed
        </Badge>
      )}
      {unanswered > 0 && (
        <Badge color="gray.7" tt="none" miw="max-content">
          {formatCount(unanswered)} unanswered
        </Badge>
      )}
    </Stack>
  );
}

/** A rate needs time: of less than a minute none is told. */
function rateText({ transactions, firstTime, lastTime }: ClinicalLink): string {
  const spanMs = lastTime - firstTime;
  return spanMs < 60_000 ? '–' : formatCount((transactions * HOUR_MS) / spanMs);
}

function latencyText(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${formatCount(milliseconds)} ms`;
}
