package raftkv.bench.profile;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** The program behind {@code bench/profile.sh}: prints the hottest places of a recording. */
public final class ProfileReport {
  private static final int USAGE = 2;
  private static final int PLACES = 10;
  private static final int MIB_SHIFT = 20;

  private final PrintStream out;

  private ProfileReport(PrintStream out) {
    this.out = out;
  }

  /** Takes the file of the recording, and how many places of each kind are wanted. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 1 || arguments.length > 2) {
      System.err.println("usage: profile RECORDING.jfr [PLACES]");
      System.exit(USAGE);
    }
    int places = arguments.length > 1 ? Integer.parseInt(arguments[1]) : PLACES;
    Profile profile = Recording.read(Path.of(arguments[0]));
    new ProfileReport(System.out).print(profile, places);
  }

  private void print(Profile profile, int places) {
    title("Java methods by their own time, %,d samples", profile.samples());
    lines(profile.self(), places, profile.samples(), false);
    title("our methods by their own time and that of what they call of others");
    lines(profile.ours(), places, profile.samples(), false);
    title("our methods by all that they call");
    lines(profile.inclusive(), 2 * places, profile.samples(), false);
    title("native methods by thread; waiting counts like working");
    lines(profile.nativeSelf(), places, profile.nativeSelf().total(), false);
    title("allocation by class, %,d MiB", profile.allocatedClasses().total() >> MIB_SHIFT);
    lines(profile.allocatedClasses(), places, profile.allocatedClasses().total(), true);
    title("allocation by our innermost method");
    lines(profile.allocationSites(), 2 * places, profile.allocationSites().total(), true);
    title(
        "collector: %d pauses, %d ms in all, %d ms the longest",
        profile.pauses(), profile.paused().toMillis(), profile.longestPause().toMillis());
  }

  private void lines(Tally tally, int places, long total, boolean bytes) {
    for (Tally.Line line : tally.top(places)) {
      String share = String.format(Locale.ROOT, "%5.1f %%", 100.0 * line.weight() / total);
      String size =
          bytes ? String.format(Locale.ROOT, " %,9d MiB", line.weight() >> MIB_SHIFT) : "";
      out.println("  " + share + size + "  " + line.place());
    }
  }

  private void title(String format, Object... values) {
    out.println();
    out.println(String.format(Locale.ROOT, format, values));
  }
}
