/** What became of identifying attributes in a copy, for the person who saves it: names as in DICOM PS3.6, none twice. */
export interface DeidentificationReport {
  readonly removed: readonly string[];
  readonly emptied: readonly string[];
  /** By a value that says nothing, or a new UID. */
  readonly replaced: readonly string[];
  /** Private elements, and what could not be read: removed unseen. */
  readonly unknownRemoved: number;
}

/** A DICOM file without its patient. */
export interface DeidentifiedCopy {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: DeidentificationReport;
}
