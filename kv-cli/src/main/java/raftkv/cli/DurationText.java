package raftkv.cli;

import java.time.Duration;
import picocli.CommandLine;

/** Times as people write them: 500ms, 5s, 1m. */
final class DurationText implements CommandLine.ITypeConverter<Duration> {
  /** Far below what fits into 63 bits of nanoseconds, which deadlines are counted in. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final int MAX_DIGITS = 9;

  @Override
  public Duration convert(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    String unit = text.substring(digits);
    if (digits == 0) {
      throw mistake(text);
    }
    if (digits > MAX_DIGITS) {
      throw tooLong(text);
    }
    long amount = Long.parseLong(text.substring(0, digits));
    Duration duration =
        switch (unit) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> throw mistake(text);
        };
    if (duration.isZero()) {
      throw mistake(text);
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw tooLong(text);
    }
    return duration;
  }

  private static CommandLine.TypeConversionException tooLong(String text) {
    return new CommandLine.TypeConversionException(
        "'" + text + "' is too long: a day, 1440m, is the most");
  }

  private static CommandLine.TypeConversionException mistake(String text) {
    return new CommandLine.TypeConversionException(
        "'" + text + "' is no time above zero: write 500ms, 5s or 1m");
  }
}
