package raftkv.cli;

import java.time.Duration;
import picocli.CommandLine;

/** Times as people write them: 500ms, 5s, 1m. */
final class DurationText implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    String unit = text.substring(digits);
    if (digits == 0 || digits > 9) {
      throw mistake(text);
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
    return duration;
  }

  private static CommandLine.TypeConversionException mistake(String text) {
    return new CommandLine.TypeConversionException(
        "'" + text + "' is no time above zero: write 500ms, 5s or 1m");
  }
}
