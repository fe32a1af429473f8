package raftkv.service;

/** How a request reaches the data service: what it means must not depend on that. */
enum Way {
  /** A call of its own. */
  UNARY,
  /** One of the calls of a pipeline. */
  PIPELINE
}
