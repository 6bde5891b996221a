import { cleanText } from '../bytes/text.ts';
import type { FhirInteraction } from '../http/types.ts';

/** software.name, software.version and fhirVersion of a CapabilityStatement, JSON or XML (FHIR R4 §5.2). */
export function readCapabilities(body: string): Pick<FhirInteraction, 'software' | 'fhirVersion'> {
  if (body.startsWith('<')) {
    const software = /<software>[\s\S]{0,400}?<\/software>/.exec(body)?.[0] ?? '';
    const value = (name: string, text: string) => new RegExp(`<${name} value="([^"]{1,100})"`).exec(text)?.[1] ?? '';
    return {
      software: cleanText(`${value('name', software)} ${value('version', software)}`),
      fhirVersion: cleanText(value('fhirVersion', body), 16),
    };
  }
  try {
    const statement = JSON.parse(body) as { software?: { name?: unknown; version?: unknown }; fhirVersion?: unknown };
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    return {
      software: cleanText(`${text(statement.software?.name)} ${text(statement.software?.version)}`),
      fhirVersion: cleanText(text(statement.fhirVersion), 16),
    };
  } catch {
    return { software: '', fhirVersion: '' };
  }
}
