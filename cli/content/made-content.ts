/** A destination as the settings write it. */
export interface WrittenDestination {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** The files to install in a SIEM, by path, and the commands or steps that install them. */
export interface SiemContent {
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
}

export interface MadeContent extends SiemContent {
  /** Puts the names of the destinations into a text, where the detections have such names. */
  rename?(text: string): string;
}

/** A SIEM that content is shipped for. */
export interface SiemMaker {
  /** The word that names it on the command line. */
  readonly siem: string;
  /** The kind of destination that delivers to it. */
  readonly kind: string;
  /** The files of `content/detections` that it reads. */
  readonly detections: RegExp;
  /**
   * @param folder where the files will be, as the operator named it
   * @throws {CommandError} where the destinations need what one set of files cannot be
   */
  make(destinations: readonly WrittenDestination[], folder: string): Promise<MadeContent>;
}
