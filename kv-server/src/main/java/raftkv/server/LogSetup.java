package raftkv.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.api.RootLoggerComponentBuilder;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;
import org.jspecify.annotations.Nullable;
import raftkv.config.ServerConfig.LogTarget;

/**
 * The program's log: console, and a file in the data directory once that directory is known to be
 * this node's. Rotated and bounded; a slow disk or terminal costs lines, never time on the loop.
 */
final class LogSetup {
  private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %-5level %msg%n%xEx";
  private static final String FILE_SIZE = "16 MB";
  private static final int FILES_KEPT = 4;
  private static final int WAITING_LINES = 4_096;
  private static final long FLUSH_MILLIS = 500;

  private final String level;
  private final LogTarget target;

  LogSetup(String level, LogTarget target) {
    this.level = level;
    this.target = target;
  }

  /** Before the data directory is known to be ours: the console alone. */
  void toConsole() {
    Configurator.initialize(configuration(null));
  }

  /** From now on as configured. */
  void toDirectory(Path directory) {
    if (target != LogTarget.CONSOLE) {
      Configurator.reconfigure(configuration(directory.resolve("node.log")));
    }
  }

  /** Writes out what waits, for at most half a second. */
  static void flush() {
    if (LogManager.getContext(false) instanceof LoggerContext context) {
      context.stop(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private BuiltConfiguration configuration(@Nullable Path file) {
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setStatusLevel(Level.ERROR).setConfigurationName("kv-server");
    // The one shutdown hook of the process flushes the log last.
    builder.setShutdownHook("disable");
    AppenderComponentBuilder waiting =
        builder
            .newAppender("waiting", "Async")
            .addAttribute("bufferSize", WAITING_LINES)
            .addAttribute("blocking", false)
            .addAttribute("shutdownTimeout", FLUSH_MILLIS);
    if (file == null || target != LogTarget.FILE) {
      builder.add(console(builder));
      waiting.addComponent(builder.newAppenderRef("console"));
    }
    if (file != null) {
      builder.add(file(builder, file));
      waiting.addComponent(builder.newAppenderRef("file"));
    }
    builder.add(waiting);
    builder.add(builder.newLogger("io.grpc", Level.ERROR));
    RootLoggerComponentBuilder root =
        builder.newRootLogger(Level.toLevel(level.toUpperCase(Locale.ROOT), Level.INFO));
    builder.add(root.add(builder.newAppenderRef("waiting")));
    return builder.build(false);
  }

  private static AppenderComponentBuilder console(ConfigurationBuilder<?> builder) {
    return builder
        .newAppender("console", "Console")
        .addAttribute("target", "SYSTEM_OUT")
        .add(builder.newLayout("PatternLayout").addAttribute("pattern", PATTERN));
  }

  private static AppenderComponentBuilder file(ConfigurationBuilder<?> builder, Path file) {
    ComponentBuilder<?> policies =
        builder
            .newComponent("Policies")
            .addComponent(
                builder.newComponent("SizeBasedTriggeringPolicy").addAttribute("size", FILE_SIZE));
    return builder
        .newAppender("file", "RollingFile")
        .addAttribute("fileName", file.toString())
        .addAttribute("filePattern", file + ".%i")
        .add(builder.newLayout("PatternLayout").addAttribute("pattern", PATTERN))
        .addComponent(policies)
        .addComponent(
            builder
                .newComponent("DefaultRolloverStrategy")
                .addAttribute("fileIndex", "min")
                .addAttribute("max", FILES_KEPT));
  }
}
