/** Attributes of an entry as the directory has them: name → values. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** One attribute, with the values that it shall have. None: it shall not be there. */
export interface WantedAttribute {
  readonly attribute: string;
  readonly values: readonly string[];
}

/** What a kind of directory keeps of an account, and what it must say. */
export interface AccountSchema {
  readonly title: string;
  /** Attributes by which an account is found. */
  readonly nameAttributes: readonly string[];
  readonly objectClass: string;
  /** Attributes that are read. */
  readonly attributes: readonly string[];
  isDisabled(entry: Attributes): boolean;
  disabled(entry: Attributes): WantedAttribute;
  enabled(entry: Attributes): WantedAttribute;
  mustChangePassword(entry: Attributes): boolean;
  /** The password must be changed when the account is used next; undefined where the directory can't say so. */
  withForcedChange(entry: Attributes): WantedAttribute | undefined;
}

/** userAccountControl of Active Directory ([MS-ADTS] §2.2.16): ADS_UF_ACCOUNT_DISABLE. */
const ACCOUNT_DISABLE = 0x2;
/** draft-behera-ldap-password-policy-10 §5.3.3: locked until somebody unlocks it. */
const LOCKED_FOR_GOOD = '000001010000Z';
/** shadow(5): days since 1970; 0 is to be avoided for an expiry, as some read it as none. */
const EXPIRED = '1';

const activeDirectory: AccountSchema = {
  title: 'Active Directory',
  nameAttributes: ['sAMAccountName', 'userPrincipalName'],
  objectClass: 'user',
  attributes: ['userAccountControl', 'pwdLastSet'],
  isDisabled: (entry) => (controlOf(entry) & ACCOUNT_DISABLE) !== 0,
  disabled: (entry) => ({ attribute: 'userAccountControl', values: [String(controlOf(entry) | ACCOUNT_DISABLE)] }),
  enabled: (entry) => ({ attribute: 'userAccountControl', values: [String(controlOf(entry) & ~ACCOUNT_DISABLE)] }),
  // [MS-ADA3] §2.175: 0 asks for another password at the next logon.
  mustChangePassword: (entry) => first(entry, 'pwdLastSet') === '0',
  withForcedChange: () => ({ attribute: 'pwdLastSet', values: ['0'] }),
};

const passwordPolicy: AccountSchema = {
  title: 'OpenLDAP with the password policy overlay',
  nameAttributes: ['uid'],
  objectClass: 'person',
  attributes: ['pwdAccountLockedTime', 'pwdReset'],
  isDisabled: (entry) => first(entry, 'pwdAccountLockedTime') === LOCKED_FOR_GOOD,
  disabled: () => ({ attribute: 'pwdAccountLockedTime', values: [LOCKED_FOR_GOOD] }),
  enabled: () => ({ attribute: 'pwdAccountLockedTime', values: [] }),
  mustChangePassword: (entry) => first(entry, 'pwdReset') === 'TRUE',
  withForcedChange: () => ({ attribute: 'pwdReset', values: ['TRUE'] }),
};

const shadow: AccountSchema = {
  title: 'Accounts of Unix (RFC 2307)',
  nameAttributes: ['uid'],
  objectClass: 'shadowAccount',
  attributes: ['shadowExpire', 'shadowLastChange'],
  isDisabled: (entry) => first(entry, 'shadowExpire') === EXPIRED,
  disabled: () => ({ attribute: 'shadowExpire', values: [EXPIRED] }),
  enabled: () => ({ attribute: 'shadowExpire', values: [] }),
  // shadow(5): 0 asks for another password at the next login.
  mustChangePassword: (entry) => first(entry, 'shadowLastChange') === '0',
  withForcedChange: () => ({ attribute: 'shadowLastChange', values: ['0'] }),
};

const accountLock: AccountSchema = {
  title: '389 Directory Server, FreeIPA',
  nameAttributes: ['uid'],
  objectClass: 'person',
  attributes: ['nsAccountLock'],
  isDisabled: (entry) => first(entry, 'nsAccountLock')?.toLowerCase() === 'true',
  disabled: () => ({ attribute: 'nsAccountLock', values: ['true'] }),
  enabled: () => ({ attribute: 'nsAccountLock', values: [] }),
  mustChangePassword: () => false,
  withForcedChange: () => undefined,
};

export const ACCOUNT_SCHEMAS = {
  'active-directory': activeDirectory,
  'password-policy': passwordPolicy,
  shadow,
  'account-lock': accountLock,
} as const satisfies Readonly<Record<string, AccountSchema>>;

function controlOf(entry: Attributes): number {
  return Number(first(entry, 'userAccountControl') ?? 0);
}

function first(entry: Attributes, attribute: string): string | undefined {
  return entry[attribute]?.[0];
}
