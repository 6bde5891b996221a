import type { CareAsset } from '../care-map/care-asset.ts';

/** An asset as the risk model sees it. */
export interface RiskAsset extends CareAsset {
  /** From where somebody was seen to reach it; null where nobody was. */
  readonly reachedFrom: 'internet' | 'hospital' | 'restricted' | null;
  /** It was seen talking to somebody outside the hospital. */
  readonly talksToInternet: boolean;
  /** Data of patients was seen on it. */
  readonly hasPatientData: boolean;
}
