/** What the API says of rules, as far as the command line shows it. */
export interface SetView {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly loaded: number;
  readonly rejected: number;
  readonly updatedAt: number | null;
  readonly message: string;
}

export interface ChangesView {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly rules: readonly { readonly id: string; readonly title: string; readonly change: string }[];
}

export interface RuleView {
  readonly id: string;
  readonly title: string;
  readonly isInForce: boolean;
  readonly tuning: { readonly isEnabled: boolean };
  readonly hits: number;
  readonly lastHit: number | null;
  readonly looks: number;
  readonly milliseconds: number;
}

export interface DetectionTrial {
  readonly packets: number;
  readonly detections: readonly {
    readonly source: { readonly ip: string; readonly port: number };
    readonly destination: { readonly ip: string; readonly port: number };
    readonly time: number;
    readonly packet: { readonly number: number };
  }[];
  readonly isCut: boolean;
  readonly looks: number;
  readonly milliseconds: number;
}

export interface ListView {
  readonly name: string;
  readonly type: string;
  readonly entries: number;
  readonly usedBy: number;
}
