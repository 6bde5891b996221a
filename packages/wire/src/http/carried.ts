import { describeDicomweb } from '../dicomweb/transaction.ts';
import { dicomwebView } from '../dicomweb/views.ts';
import { describeDpws } from '../dpws/invocation.ts';
import { dpwsView } from '../dpws/views.ts';
import { describeFhir } from '../fhir/interaction.ts';
import { fhirView } from '../fhir/views.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { HttpMessages } from './body.ts';
import type { CarriedRecord, HttpExchange } from './types.ts';

/** Gives what an exchange carries: a FHIR interaction, a DICOMweb transaction, a call of a device's service, or nothing more than itself. */
export function describeCarried(
  exchange: HttpExchange,
  messages: HttpMessages,
  direction: Direction,
  context: Pick<ParserContext<CarriedRecord>, 'emit' | 'inspect'>,
): void {
  const interaction = describeFhir(exchange, messages);
  if (interaction !== undefined) {
    context.inspect?.(direction, fhirView(interaction, exchange, messages.requestFields));
    context.emit(interaction, direction);
    return;
  }
  const transaction = describeDicomweb(exchange, messages);
  if (transaction !== undefined) {
    context.inspect?.(direction, dicomwebView(transaction));
    context.emit(transaction, direction);
    return;
  }
  const invocation = describeDpws(exchange, messages);
  if (invocation === undefined) return;
  context.inspect?.(direction, dpwsView(invocation));
  context.emit(invocation, direction);
}
