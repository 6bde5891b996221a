import { describeDicomweb } from '../dicomweb/transaction.ts';
import { dicomwebView } from '../dicomweb/views.ts';
import { describeFhir } from '../fhir/interaction.ts';
import { fhirView } from '../fhir/views.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { type HttpMessages, keptText } from './body.ts';
import type { CarriedRecord, HttpExchange } from './types.ts';

/** Gives what an exchange carries: a FHIR interaction or a DICOMweb transaction, or nothing more than itself. */
export function describeCarried(
  exchange: HttpExchange,
  messages: HttpMessages,
  direction: Direction,
  context: Pick<ParserContext<CarriedRecord>, 'emit' | 'inspect'>,
): void {
  const interaction = describeFhir(exchange, keptText(messages.responseBody));
  if (interaction !== undefined) {
    context.inspect?.(direction, fhirView(interaction, exchange, messages.requestFields));
    context.emit(interaction, direction);
    return;
  }
  const transaction = describeDicomweb(exchange, messages);
  if (transaction === undefined) return;
  context.inspect?.(direction, dicomwebView(transaction));
  context.emit(transaction, direction);
}
