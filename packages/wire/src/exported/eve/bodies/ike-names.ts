/** Names by which EVE tells numbers of the IANA registry "IPsec": attributes of IKEv1 by their kind. */
export const IKE_1_NAMES: ReadonlyMap<string, Readonly<Record<number, string>>> = new Map([
  [
    'alg_enc',
    numbered(
      1,
      'EncDesCbc EncIdeaCbc EncBlowfishCbc EncRc5R16B64Cbc EncTripleDesCbc EncCastCbc EncAesCbc EncCamelliaCbc',
    ),
  ],
  ['alg_hash', numbered(1, 'HashMd5 HashSha HashTiger HashSha2_256 HashSha2_384 HashSha2_512')],
  [
    'alg_auth',
    {
      ...numbered(
        1,
        'AuthPreSharedKey AuthDssSignatures AuthRsaSignatures AuthEncryptionWithRsa AuthRevisedEncryptionWithRsa',
      ),
      ...numbered(9, 'AuthEcdsaSha256 AuthEcdsaSha384 AuthEcdsaSha512'),
    },
  ],
  [
    'alg_dh',
    {
      ...numbered(
        1,
        'GroupDefault768BitModp GroupAlternate1024BitModpGroup GroupEc2nOnGp2p155 GroupEc2nOnGp2p185 GroupModp1536Bit ' +
          'GroupEc2nOverGf2p163',
      ),
      ...numbered(14, 'GroupModp2048Bit GroupModp3072Bit GroupModp4096Bit GroupModp6144Bit GroupModp8192Bit'),
      ...numbered(19, 'GroupRandomEcp256 GroupRandomEcp384 GroupRandomEcp521'),
      ...numbered(
        22,
        'GroupModp1024With160BitPrime GroupModp2048With224BitPrime GroupModp2048With256BitPrime GroupRandomEcp192 ' +
          'GroupRandomEcp224 GroupBrainpoolEcp224 GroupBrainpoolEcp256 GroupBrainpoolEcp384 GroupBrainpoolEcp512',
      ),
    },
  ],
  ['sa_life_type', numbered(1, 'LifeTypeSeconds LifeTypeKilobytes')],
]);

/** Names of the IANA registry "IKEv2 Parameters", transforms by their type (RFC 7296 §3.3.2). */
export const IKE_2_NAMES: ReadonlyMap<string, Readonly<Record<number, string>>> = new Map([
  [
    'alg_enc',
    {
      2: 'ENCR_DES',
      3: 'ENCR_3DES',
      ...numbered(11, 'ENCR_NULL ENCR_AES_CBC ENCR_AES_CTR ENCR_AES_CCM_8 ENCR_AES_CCM_12 ENCR_AES_CCM_16'),
      ...numbered(18, 'ENCR_AES_GCM_8 ENCR_AES_GCM_12 ENCR_AES_GCM_16'),
      23: 'ENCR_CAMELLIA_CBC',
      28: 'ENCR_CHACHA20_POLY1305',
    },
  ],
  [
    'alg_prf',
    {
      1: 'PRF_HMAC_MD5',
      2: 'PRF_HMAC_SHA1',
      ...numbered(4, 'PRF_AES128_XCBC PRF_HMAC_SHA2_256 PRF_HMAC_SHA2_384 PRF_HMAC_SHA2_512'),
    },
  ],
  [
    'alg_auth',
    {
      ...numbered(0, 'NONE AUTH_HMAC_MD5_96 AUTH_HMAC_SHA1_96'),
      5: 'AUTH_AES_XCBC_96',
      ...numbered(12, 'AUTH_HMAC_SHA2_256_128 AUTH_HMAC_SHA2_384_192 AUTH_HMAC_SHA2_512_256'),
    },
  ],
  [
    'alg_dh',
    {
      ...numbered(0, 'NONE Modp768 Modp1024'),
      5: 'Modp1536',
      ...numbered(14, 'Modp2048 Modp3072 Modp4096 Modp6144 Modp8192 Ecp256 Ecp384 Ecp521 Modp1024s160'),
      31: 'Curve25519',
      32: 'Curve448',
    },
  ],
  ['alg_esn', numbered(0, 'NoESN ESN')],
]);

/** @returns the names as those of `first` and the numbers that follow it */
function numbered(first: number, names: string): Readonly<Record<number, string>> {
  return Object.fromEntries(names.split(' ').map((name, index) => [first + index, name]));
}
