package raftkv.server;

import java.security.SecureRandom;
import java.security.Security;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import raftkv.config.OptionParser;
import raftkv.config.ServerConfig;
import raftkv.config.UsageError;
import raftkv.node.NodeFailure;
import raftkv.port.ExitCode;
import raftkv.port.StorageFailure;
import raftkv.runtime.ProcessEnd;
import raftkv.tools.Tools;

/** The program: reads its options, runs a server, ends with a documented code. */
public final class Main {
  private static final long STOP_NANOS = 1_900_000_000L;
  private static final long FLUSH_NANOS = 700_000_000L;

  /**
   * Whoever ends the process first decides how, but that a failure ends an orderly stop as well.
   */
  private static final AtomicReference<Phase> PHASE = new AtomicReference<>(Phase.RUNNING);

  private enum Phase {
    RUNNING,
    STOPPING,
    FAILED
  }

  private static final AtomicReference<@Nullable Server> RUNNING = new AtomicReference<>();

  private Main() {}

  /** Runs until the process is asked to end. */
  public static void main(String[] arguments) {
    if (Tools.isTool(arguments)) {
      System.exit(Tools.run(arguments, System.out, System.err).code());
    }
    prepare();
    OptionParser.Request request;
    try {
      request = OptionParser.parse(arguments, System.getenv(), version());
    } catch (UsageError wrong) {
      System.err.println("kv-server: " + wrong.sentence() + " (see kv-server --help)");
      System.exit(ExitCode.USAGE.code());
      return;
    }
    if (request instanceof OptionParser.Show show) {
      System.out.println(show.text());
    } else {
      serve(((OptionParser.Serve) request).config());
    }
  }

  private static void serve(ServerConfig config) {
    LogSetup logs = new LogSetup(config.logLevel(), config.logTarget());
    logs.toConsole();
    Thread.setDefaultUncaughtExceptionHandler(Main::threadFailed);
    ProcessEnd.whenAsked("kv-" + config.self() + "-stop", Main::stop);
    Server.Surroundings around =
        new Server.Surroundings(version(), new SecureRandom().nextLong(), Main::fail);
    try {
      RUNNING.set(Server.start(config, around, () -> logs.toDirectory(config.dataDirectory())));
    } catch (StorageFailure failure) {
      refuse(failure.exitCode(), failure);
    } catch (StartFailure failure) {
      refuse(failure.exitCode(), failure);
    } catch (OutOfMemoryError failure) {
      refuse(ExitCode.MEMORY, failure);
    }
  }

  /** A start that cannot be: one line, on standard error as well. */
  private static void refuse(ExitCode code, Throwable failure) {
    if (PHASE.compareAndSet(Phase.RUNNING, Phase.FAILED)) {
      System.err.println("kv-server: " + failure.getMessage());
      LogSetup.flush();
      ProcessEnd.halt(code.code());
    }
  }

  /** A bug, on whatever thread: a node that is half there is worse than one that is gone. */
  private static void threadFailed(Thread thread, Throwable thrown) {
    ExitCode code = thrown instanceof OutOfMemoryError ? ExitCode.MEMORY : ExitCode.INVARIANT;
    LogManager.getLogger("raftkv.server").error("thread {} ends", thread.getName(), thrown);
    if (PHASE.get() == Phase.STOPPING) {
      return; // It may have met what is closed already.
    }
    fail(new NodeFailure(code, "thread " + thread.getName() + ": " + thrown, thrown));
  }

  /** The node cannot go on; it has said why. */
  private static void fail(NodeFailure failure) {
    if (PHASE.getAndSet(Phase.FAILED) != Phase.FAILED) {
      ProcessEnd.haltAfter(FLUSH_NANOS, failure.exitCode().code());
      System.err.println("kv-server: " + failure.sentence());
      LogSetup.flush();
      ProcessEnd.halt(failure.exitCode().code());
    }
  }

  /** SIGTERM or Ctrl-C: in order, within two seconds, whatever hangs. */
  private static void stop() {
    if (!PHASE.compareAndSet(Phase.RUNNING, Phase.STOPPING)) {
      return;
    }
    ProcessEnd.haltAfter(STOP_NANOS, ExitCode.CLEAN.code());
    Server server = RUNNING.get();
    NodeFailure failure = server == null ? null : server.stop();
    if (failure != null) {
      fail(failure);
    }
    LogSetup.flush();
    if (PHASE.get() == Phase.STOPPING) {
      // Left to itself, a machine ended by SIGTERM would answer 143.
      ProcessEnd.halt(ExitCode.CLEAN.code());
    }
  }

  /** What has to be said before the classes concerned are loaded. */
  static void prepare() {
    System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
    System.setProperty("log4j2.shutdownHookEnabled", "false");
    // Sampling buffers for leaks takes a stack trace of each sample: for whoever looks for one.
    setUnlessSet("io.grpc.netty.shaded.io.netty.leakDetection.level", "disabled");
    // Events of its allocator start the whole flight recorder, a tenth of a second at each start.
    setUnlessSet("io.grpc.netty.shaded.io.netty.jfr.enabled", "false");
    // A container that is made anew comes back under another address.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    System.setProperty("networkaddress.cache.ttl", "0");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
