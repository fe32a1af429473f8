package raftkv.cli;

/** How results are printed. */
enum Format {
  /** For people. */
  TEXT,
  /** One JSON object a line. */
  JSON,
  /** Values as they are stored, with nothing added, not even a newline. */
  RAW
}
