import type {
  LdapAttribute,
  LdapControl,
  LdapDetail,
  LdapOperation,
  LdapPart,
  LdapResult,
} from '../../../ldap/detail.ts';
import { type EveBody, type EveMembers, eveText, present } from '../eve-event.ts';

/** Names of operations in EVE, where they are not those of the standard with an underscore. */
const OPERATIONS: Partial<Record<LdapOperation['kind'], string>> = {
  'search-entry': 'search_result_entry',
  'search-done': 'search_result_done',
  'search-reference': 'search_result_reference',
  'delete-request': 'del_request',
  'delete-response': 'del_response',
  'modify-name-request': 'mod_dn_request',
  'modify-name-response': 'mod_dn_response',
};
/** Result codes (RFC 4511 appendix A). */
const RESULT_CODES: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operations_error',
  2: 'protocol_error',
  3: 'time_limit_exceeded',
  4: 'size_limit_exceeded',
  5: 'compare_false',
  6: 'compare_true',
  7: 'auth_method_not_supported',
  8: 'stronger_auth_required',
  10: 'referral',
  11: 'admin_limit_exceeded',
  12: 'unavailable_critical_extension',
  13: 'confidentiality_required',
  14: 'sasl_bind_in_progress',
  16: 'no_such_attribute',
  17: 'undefined_attribute_type',
  18: 'inappropriate_matching',
  19: 'constraint_violation',
  20: 'attribute_or_value_exists',
  21: 'invalid_attribute_syntax',
  32: 'no_such_object',
  33: 'alias_problem',
  34: 'invalid_dns_syntax',
  36: 'alias_dereferencing_problem',
  48: 'inappropriate_authentication',
  49: 'invalid_credentials',
  50: 'insufficient_access_rights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling_to_perform',
  54: 'loop_detect',
  64: 'naming_violation',
  65: 'object_class_violation',
  66: 'not_allowed_on_non_leaf',
  67: 'not_allowed_on_rdn',
  68: 'entry_already_exists',
  69: 'object_class_mods_prohibited',
  71: 'affects_multiple_dsas',
  80: 'other',
};
const CHANGES = ['add', 'delete', 'replace', 'increment'];

/** A request with its answers. Entries, their attributes and the words of results are about persons; operations and codes are not. */
export function ldapBody({ request, responses }: LdapDetail, withContent: boolean): EveBody {
  const answers = responses.map((part) => ({
    ...(request === undefined ? { message_id: part.id } : {}),
    ...partMembers(part, withContent),
  }));
  const members = {
    ...(request === undefined ? {} : { request: { message_id: request.id, ...partMembers(request, withContent) } }),
    ...present({ responses: answers }),
  };
  return { type: 'ldap', members };
}

function partMembers({ operation, controls }: LdapPart, withContent: boolean): EveMembers {
  const name = OPERATIONS[operation.kind] ?? operation.kind.replace('-', '_');
  const members = withContent ? contentMembers(operation) : openMembers(operation);
  return {
    operation: name,
    ...present({ [name]: members, controls: controls.map((control) => controlMembers(control, withContent)) }),
  };
}

/** What is no content: how it is asked, and with which result. */
function openMembers(operation: LdapOperation): EveMembers {
  if ('result' in operation) return { result_code: resultCode(operation.result) };
  switch (operation.kind) {
    case 'bind-request':
      return { version: operation.version, ...present({ sasl: present({ mechanism: operation.mechanism }) }) };
    case 'search-request':
      return { ...searchMembers(operation), ...present({ attributes: operation.attributes }) };
    case 'extended-request':
      return { name: operation.name };
    default:
      return {};
  }
}

function contentMembers(operation: LdapOperation): EveMembers {
  switch (operation.kind) {
    case 'bind-request': {
      const { version, name, mechanism, credentials } = operation;
      return { version, name, ...present({ sasl: present({ mechanism, credentials: hexOf(credentials) }) }) };
    }
    case 'search-request': {
      const { base, presentAttribute, attributes } = operation;
      const filter = presentAttribute === undefined ? {} : { filter: { type: 'present', value: presentAttribute } };
      return { base_object: base, ...searchMembers(operation), ...filter, ...present({ attributes }) };
    }
    case 'modify-request': {
      const changes = operation.changes.map(({ operation: kind, attribute }) => ({
        operation: CHANGES[kind] ?? String(kind),
        modification: {
          attribute_type: attribute.name,
          ...present({ attribute_values: attribute.values.map(eveText) }),
        },
      }));
      return { object: operation.name, ...present({ changes }) };
    }
    case 'add-request':
      return { entry: operation.name, ...present({ attributes: attributesOf(operation.attributes, 'name') }) };
    case 'search-entry':
      return { base_object: operation.name, ...present({ attributes: attributesOf(operation.attributes, 'type') }) };
    case 'delete-request':
      return { dn: operation.name };
    case 'modify-name-request': {
      const { name, newName, deletesOldName, newSuperior } = operation;
      return {
        entry: name,
        new_rdn: newName,
        delete_old_rdn: deletesOldName,
        ...present({ new_superior: newSuperior }),
      };
    }
    case 'compare-request': {
      const { name, attribute, value } = operation;
      return { entry: name, attribute_value_assertion: { description: attribute, value: eveText(value) } };
    }
    case 'extended-request':
      return { name: operation.name, ...present({ value: textOf(operation.value) }) };
    case 'intermediate-response':
      return present({ name: operation.name, value: textOf(operation.value) });
    case 'extended-response': {
      const { result, name, value } = operation;
      return { ...resultMembers(result), ...present({ name, value: textOf(value) }) };
    }
    case 'bind-response': {
      const { result, credentials } = operation;
      return { ...resultMembers(result), ...present({ server_sasl_creds: hexOf(credentials) }) };
    }
    case 'search-done':
    case 'modify-response':
    case 'add-response':
    case 'delete-response':
    case 'modify-name-response':
    case 'compare-response':
      return resultMembers(operation.result);
    case 'unbind-request':
    case 'abandon-request':
    case 'search-reference':
      return {};
    default:
      return operation satisfies never;
  }
}

function searchMembers(operation: Extract<LdapOperation, { kind: 'search-request' }>): EveMembers {
  const { scope, dereferencing, sizeLimit, timeLimit, isTypesOnly } = operation;
  return { scope, deref_alias: dereferencing, size_limit: sizeLimit, time_limit: timeLimit, types_only: isTypesOnly };
}

function resultMembers(result: LdapResult): EveMembers {
  return { result_code: resultCode(result), matched_dn: result.matchedName, message: result.message };
}

function resultCode({ code }: LdapResult): string {
  return RESULT_CODES[code] ?? `unknown(${code})`;
}

function attributesOf(attributes: readonly LdapAttribute[], nameMember: 'name' | 'type'): EveMembers[] {
  return attributes.map(({ name, values }) => ({ [nameMember]: name, ...present({ values: values.map(eveText) }) }));
}

function controlMembers({ type, isCritical, value }: LdapControl, withContent: boolean): EveMembers {
  return {
    control_type: type,
    criticality: isCritical,
    ...present({ control_value: withContent ? hexOf(value) : undefined }),
  };
}

function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : eveText(value);
}

function hexOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString('hex');
}
