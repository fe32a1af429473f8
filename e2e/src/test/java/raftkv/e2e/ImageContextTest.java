package raftkv.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import raftkv.e2e.cluster.Installation;

/**
 * Goal: the image can be built. Maven wants the pom of every module, also of those left out, but
 * for those of profiles that are off.
 */
class ImageContextTest {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  @Test
  void everyModulesPomIsSentToTheBuilder() throws IOException {
    String parent = Files.readString(Installation.home().resolve("pom.xml"));
    String always = parent.substring(0, parent.indexOf("<profiles>"));
    List<String> sent = Files.readAllLines(Installation.home().resolve(".dockerignore"));
    List<String> modules = MODULE.matcher(always).results().map(found -> found.group(1)).toList();

    assertThat(modules).contains("kv-server");
    assertThat(modules)
        .allMatch(
            module -> sent.contains("!" + module) || sent.contains("!" + module + "/pom.xml"));
  }
}
