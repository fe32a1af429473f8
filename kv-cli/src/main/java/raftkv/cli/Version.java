package raftkv.cli;

import picocli.CommandLine;

/** What --version prints. */
final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "kv-cli "
          + (version == null ? "unpackaged" : version)
          + " (Java "
          + System.getProperty("java.runtime.version")
          + ")"
    };
  }
}
