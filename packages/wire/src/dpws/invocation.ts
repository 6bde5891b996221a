import { cleanText } from '../bytes/text.ts';
import { elementText } from '../bytes/xml.ts';
import { BodyHead, type BodyReader, type HttpMessages, keptText } from '../http/body.ts';
import { mediaType } from '../http/fields.ts';
import type { HttpExchange } from '../http/types.ts';
import type { DpwsRecord } from './types.ts';

const SOAP = 'application/soap+xml';
/** The header with its action comes first; a description of the device is short. */
const KEPT_BYTES = 16 * 1024;
/** Services of SDC (IEEE 11073-20701 §8) carry the standard's own addresses. */
const MEDICAL = /^http:\/\/standards\.ieee\.org\/downloads\/11073\//;
/** Transfer, eventing and discovery, of which DPWS is made (DPWS 1.1 §2). */
const GENERAL = /\/ws\/2004\/(?:09\/transfer|08\/eventing)\/|\/ws-dd\/ns\/|\/ws\/2005\/04\/discovery\//;
const DEVICE_PROFILE = /\/ws\/2006\/02\/devprof|\/ws-dd\/ns\/dpws\//;
const NAME = /^[A-Za-z][\w-]{0,63}$/;
const FIRST_FAILURE = 400;

/** @returns undefined where a body is no SOAP 1.2 */
export function soapBody(fields: ReadonlyMap<string, string>): BodyReader | undefined {
  const isSoap = mediaType(fields.get('content-type') ?? '') === SOAP && !fields.has('content-encoding');
  return isSoap ? new BodyHead(KEPT_BYTES) : undefined;
}

/** @returns the call of a device's service that an exchange is (DPWS 1.1 §3, IEEE 11073-20702), undefined where it is none */
export function describeDpws(exchange: HttpExchange, messages: HttpMessages): DpwsRecord | undefined {
  if (exchange.requestType !== SOAP) return undefined;
  const asked = keptText(messages.requestBody);
  const answered = exchange.responseType === SOAP ? keptText(messages.responseBody) : '';
  const action = elementText(asked, 'Action');
  const isMedical = MEDICAL.test(action);
  const isDevice = DEVICE_PROFILE.test(asked) || DEVICE_PROFILE.test(answered);
  if (!isMedical && !(isDevice && GENERAL.test(action))) return undefined;
  const [service = '', operation = ''] = action.split('/').slice(-2);
  const { status, durationMs } = exchange;
  const about = (name: string) => cleanText(elementText(answered, name), 64);
  return {
    protocol: 'dpws',
    activity: 'invocation',
    service: NAME.test(service) ? service : '',
    operation: NAME.test(operation) ? operation : '',
    isMedical,
    outcome: status === undefined ? 'unanswered' : status < FIRST_FAILURE ? 'success' : 'failure',
    status,
    fault: faultOf(answered),
    ...(isDevice || isMedical
      ? {
          manufacturer: about('Manufacturer'),
          model: [about('ModelName'), about('ModelNumber')].filter((word) => word !== '').join(' '),
          serial: about('SerialNumber'),
          firmware: about('FirmwareVersion'),
        }
      : { manufacturer: '', model: '', serial: '', firmware: '' }),
    durationMs,
  };
}

/** SOAP 1.2 §5.4.6: the innermost code says most. */
function faultOf(answered: string): string {
  const start = answered.search(/<(?:[\w.-]+:)?Fault[\s>]/);
  if (start < 0) return '';
  const fault = answered.slice(start);
  const subcode = fault.search(/<(?:[\w.-]+:)?Subcode[\s>]/);
  const code =
    elementText(subcode < 0 ? fault : fault.slice(subcode), 'Value')
      .split(':')
      .at(-1) ?? '';
  return NAME.test(code) ? code : '';
}
