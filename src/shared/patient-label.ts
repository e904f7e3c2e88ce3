/**
 * Who a DICOM file says it is of, for the person who looks at it: so that one patient's result is not taken for
 * another's. Text from the file, cleaned, to be shown as text. It goes with the result as long as that lives, into no
 * log and no storage, and into a saved file only when asked for.
 */
export interface PatientLabel {
  readonly name?: string;
  readonly id?: string;
  /** `YYYY-MM-DD` where the file has a date, else its text. */
  readonly birthDate?: string;
  readonly studyDate?: string;
  readonly accessionNumber?: string;
}
