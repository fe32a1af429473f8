package raftkv.port;

/** What is thrown for bytes that cannot be understood, if it can say why. */
public interface VersionedRefusal {
  /** Whether a newer version may understand them: they are not damaged. */
  boolean isNewerFormat();
}
