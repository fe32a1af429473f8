package raftkv.e2e.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants a violation of each rule and sees it caught; and plants what must stay allowed. */
final class PlantedViolationsTest {
  @ParameterizedTest
  @MethodSource("violations")
  void violationIsCaught(LayerRule rule, String sources, @TempDir Path directory) {
    EvaluationResult result = evaluate(rule, sources, directory);

    assertThat(result.hasViolation()).as(rule + " on " + sources).isTrue();
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void allowedCodeIsNotCaught(LayerRule rule, String sources, @TempDir Path directory) {
    EvaluationResult result = evaluate(rule, sources, directory);

    assertThat(result.getFailureReport().getDetails()).isEmpty();
  }

  @Test
  void eachRuleHasAPlantedViolation() {
    Set<LayerRule> planted = EnumSet.noneOf(LayerRule.class);
    violations().forEach(arguments -> planted.add((LayerRule) arguments.get()[0]));

    assertThat(planted).containsExactlyInAnyOrder(LayerRule.values());
  }

  private static EvaluationResult evaluate(LayerRule rule, String sources, Path directory) {
    return rule.rule()
        .evaluate(PlantedCode.compile(directory, List.of(sources.strip().split("\n", -1))));
  }

  // One source file a line.
  static Stream<Arguments> violations() {
    return Stream.of(
            innerLayers(),
            outerLayers(),
            roots(),
            hiddenInputs(),
            processEnds(),
            hashOrders(),
            habits())
        .flatMap(violations -> violations);
  }

  private static Stream<Arguments> innerLayers() {
    return Stream.of(
        arguments(
            LayerRule.CORE_STANDS_ALONE,
            "package raftkv.raft; class Bad { java.util.concurrent.atomic.AtomicLong n; }"),
        arguments(
            LayerRule.CORE_STANDS_ALONE,
            "package raftkv.raft; class Bad { void read(java.nio.file.Path p) {} }"),
        arguments(
            LayerRule.CORE_STANDS_ALONE, "package raftkv.raft; class Bad { java.time.Instant t; }"),
        arguments(
            LayerRule.PORTS_AND_NODE_KNOW_ONLY_THE_CORE,
            """
            package raftkv.kv; public class Store {}
            package raftkv.node; class Bad { raftkv.kv.Store store; }
            """),
        arguments(
            LayerRule.PORTS_AND_NODE_KNOW_ONLY_THE_CORE,
            """
            package raftkv.node; public class Loop {}
            package raftkv.port; interface Bad { raftkv.node.Loop loop(); }
            """));
  }

  private static Stream<Arguments> outerLayers() {
    return Stream.of(
        arguments(
            LayerRule.ADAPTERS_KNOW_NEITHER_EACH_OTHER_NOR_NODE,
            """
            package raftkv.storage.disk; public class FileDisk {}
            package raftkv.kv; class Bad { raftkv.storage.disk.FileDisk disk; }
            """),
        arguments(
            LayerRule.ADAPTERS_KNOW_NEITHER_EACH_OTHER_NOR_NODE,
            """
            package raftkv.node; public class Loop {}
            package raftkv.transport; class Bad { raftkv.node.Loop loop; }
            """),
        arguments(
            LayerRule.GRPC_STAYS_AT_THE_EDGES,
            "package raftkv.node; class Bad { io.grpc.Status status; }"),
        arguments(
            LayerRule.GRPC_STAYS_AT_THE_EDGES,
            "package raftkv.client.session; class Bad { raftkv.proto.kv.v1.Entry entry; }"),
        arguments(
            LayerRule.PACKAGES_HAVE_NO_CYCLES,
            """
            package raftkv.storage.wal; public class Wal { raftkv.storage.disk.FileDisk disk; }
            package raftkv.storage.disk; public class FileDisk { raftkv.storage.wal.Wal wal; }
            """));
  }

  private static Stream<Arguments> roots() {
    return Stream.of(
        arguments(
            LayerRule.SERVICE_KNOWS_WHAT_IT_TRANSLATES,
            """
            package raftkv.storage.wal; public class Wal {}
            package raftkv.service; class Bad { raftkv.storage.wal.Wal wal; }
            """),
        arguments(
            LayerRule.SIMULATION_HAS_NO_EDGES,
            """
            package raftkv.runtime; public class Clock {}
            package raftkv.simulation; class Bad { raftkv.runtime.Clock clock; }
            """),
        arguments(
            LayerRule.SIMULATION_HAS_NO_EDGES,
            """
            package raftkv.transport; public class Link {}
            package raftkv.simulation.net; class Bad { raftkv.transport.Link link; }
            """),
        arguments(
            LayerRule.NOBODY_KNOWS_THE_SERVER,
            """
            package raftkv.server; public class Server {}
            package raftkv.service; class Bad { raftkv.server.Server server; }
            """));
  }

  private static Stream<Arguments> hiddenInputs() {
    LayerRule rule = LayerRule.TIME_RANDOMNESS_AND_THREADS_COME_FROM_THE_EDGES;
    return Stream.of(
        arguments(rule, body("node", "long now() { return System.nanoTime(); }")),
        arguments(rule, body("node", "java.util.function.LongSupplier now = System::nanoTime;")),
        arguments(rule, body("kv", "Object now() { return java.time.Instant.now(); }")),
        arguments(rule, body("raft", "Object random = new java.util.Random();")),
        arguments(rule, body("raft", "double random = Math.random();")),
        arguments(rule, body("client.session", "Object id = java.util.UUID.randomUUID();")),
        arguments(rule, body("storage.wal", "void start() { new Thread(() -> {}).start(); }")),
        arguments(
            rule,
            body(
                "transport",
                "Object pool = java.util.concurrent.Executors.newCachedThreadPool();")),
        arguments(rule, body("node", "void pause() throws Exception { Thread.sleep(1); }")),
        arguments(rule, body("simulation", "long now() { return System.nanoTime(); }")),
        arguments(rule, body("simulation.client", "Object random = new java.util.Random();")),
        arguments(rule, "package raftkv.service; class Bad extends Thread { { start(); } }"),
        arguments(
            rule,
            body(
                "service",
                "void go() { java.util.concurrent.CompletableFuture.runAsync(() -> {}); }")));
  }

  private static Stream<Arguments> processEnds() {
    LayerRule rule = LayerRule.ONLY_THE_TOP_ENDS_THE_PROCESS;
    return Stream.of(
        arguments(rule, body("storage.wal", "void end() { System.exit(15); }")),
        arguments(rule, body("node", "void end() { Runtime.getRuntime().halt(14); }")));
  }

  private static Stream<Arguments> hashOrders() {
    LayerRule rule = LayerRule.NOTHING_DEPENDS_ON_HASH_ORDER;
    return Stream.of(
        arguments(
            rule,
            body(
                "kv",
                "java.util.Map<String, String> m = new java.util.HashMap<>();"
                    + " void walk() { for (var e : m.entrySet()) { e.getKey(); } }")),
        arguments(
            rule,
            body(
                "node",
                "java.util.Set<String> s = new java.util.HashSet<>();"
                    + " void walk() { for (String e : s) { e.length(); } }")),
        arguments(
            rule,
            body("simulation", "void walk(java.util.HashMap<String, String> m) { m.values(); }")),
        arguments(
            rule,
            body("kv", "void walk(java.util.HashMap<String, String> m) { m.values().size(); }")),
        arguments(rule, body("raft", "Object m = java.util.Map.of(1, 2, 3, 4);")),
        arguments(rule, body("raft", "Object s = java.util.Set.of(1, 2);")),
        arguments(rule, body("kv", "int h(Object o) { return System.identityHashCode(o); }")),
        arguments(rule, body("storage.wal", "Object s = java.util.List.of(1).parallelStream();")),
        arguments(
            rule, body("storage.wal", "Object s = java.util.stream.IntStream.of(1).parallel();")));
  }

  private static Stream<Arguments> habits() {
    return Stream.of(
        arguments(
            LayerRule.NO_FILE_IS_MAPPED,
            "package raftkv.storage.disk; class Bad { Object map(java.nio.channels.FileChannel c)"
                + " throws java.io.IOException {"
                + " return c.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, 1); } }"),
        arguments(
            LayerRule.NO_FILE_IS_MAPPED,
            "package raftkv.storage.disk; class Bad { java.nio.MappedByteBuffer mapped; }"),
        arguments(LayerRule.NAMES_SAY_WHAT_A_TYPE_IS, "package raftkv.kv; class StoreImpl {}"),
        arguments(LayerRule.NAMES_SAY_WHAT_A_TYPE_IS, "package raftkv.kv; class AbstractStore {}"),
        arguments(LayerRule.PACKAGES_ARE_NULL_MARKED, "package raftkv.unmarked; class Bad {}"));
  }

  static Stream<Arguments> allowed() {
    return Stream.of(
        arguments(
            LayerRule.CORE_STANDS_ALONE,
            "package raftkv.raft; class Good { byte[] b; java.util.List<String> l; }"),
        arguments(
            LayerRule.NOTHING_DEPENDS_ON_HASH_ORDER,
            body(
                "kv",
                "java.util.HashMap<String, String> m = new java.util.HashMap<>();"
                    + " java.util.TreeMap<String, String> t = new java.util.TreeMap<>();"
                    + " void walk() { for (var e : t.entrySet()) { m.get(e.getKey()); } }")),
        arguments(
            LayerRule.TIME_RANDOMNESS_AND_THREADS_COME_FROM_THE_EDGES,
            "package raftkv.runtime; class Good { long now() { return System.nanoTime(); } }"),
        arguments(
            LayerRule.TIME_RANDOMNESS_AND_THREADS_COME_FROM_THE_EDGES,
            "package raftkv.simulation; class Main { long now() { return System.nanoTime(); } }"),
        arguments(
            LayerRule.TIME_RANDOMNESS_AND_THREADS_COME_FROM_THE_EDGES,
            body("node", "void stop() { Thread.currentThread().interrupt(); }")));
  }

  private static String body(String packageName, String members) {
    return "package raftkv." + packageName + "; class Planted { " + members + " }";
  }
}
