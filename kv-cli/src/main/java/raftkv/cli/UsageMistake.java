package raftkv.cli;

/** Options that do not go together, in a sentence for the user. */
final class UsageMistake extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageMistake(String sentence) {
    super(sentence);
  }
}
