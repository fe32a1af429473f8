package raftkv.e2e.layers;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.BaseStream;

/**
 * Calls that would make a run differ from the next one, or end the process from the wrong place.
 *
 * <p>Hidden time, randomness and threads are the fifth layer rule. The rules on hash order hold
 * where the same inputs must give the same bytes on every replica. A hash map that is only looked
 * up in is fine, but bytecode does not say which map a {@code Map} is: so a class that makes a hash
 * map or set must not walk over anything typed {@code Map} or {@code Set}, and an ordered one
 * beside it is declared as what it is ({@code TreeMap}, {@code LinkedHashMap}, {@code SortedMap}).
 */
final class BannedCalls {
  private static final Set<String> WALKS = Set.of("forEach", "iterator", "stream", "spliterator");

  private static final Set<String> MAP_WALKS =
      Set.of("entrySet", "keySet", "values", "forEach", "replaceAll");

  private static final Set<String> HASH_MAPS =
      Set.of("java.util.HashMap", "java.util.concurrent.ConcurrentHashMap");

  private static final Set<String> HASH_SETS = Set.of("java.util.HashSet");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalTime",
          "java.time.LocalDateTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime",
          "java.time.Year",
          "java.time.YearMonth");

  private static final Set<String> RANDOM_SOURCES =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom",
          "java.util.random.RandomGeneratorFactory");

  private static final Set<String> THREAD_SOURCES =
      Set.of(
          "java.lang.Thread",
          "java.util.Timer",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor");

  private BannedCalls() {}

  /** 5: clocks, random sources and threads are called only at the edges. */
  static ArchRule timeRandomnessAndThreadsComeFromTheEdges() {
    return noClasses()
        .that(resideInAPackage("raftkv..").and(outsideOfTheEdges()))
        .should()
        .accessTargetWhere(any("a clock, a random source, or a thread", BannedCalls::isHiddenInput))
        .as(
            "clocks, random sources and threads are called only in runtime, Main, client, cli, bench")
        .allowEmptyShould(true);
  }

  /** Only the top of a program ends it. */
  static ArchRule onlyTheTopEndsTheProcess() {
    return noClasses()
        .that(
            resideInAPackage("raftkv..")
                .and(
                    not(
                        resideInAnyPackage("raftkv.runtime..", "raftkv.server..", "raftkv.cli..")
                            .or(resideInAPackage("raftkv.bench.."))
                            .or(describe("Main", BannedCalls::isMain)))))
        .should()
        .accessTargetWhere(any("the end of the process", BannedCalls::endsTheProcess))
        .as("only runtime and the main programs end the process")
        .allowEmptyShould(true);
  }

  /** Where replicas must agree, nothing depends on hash order. */
  static ArchRule nothingDependsOnHashOrder() {
    return noClasses()
        .that(mustBeDeterministic())
        .should()
        .accessTargetWhere(any("hash order", BannedCalls::dependsOnHashOrder))
        .as("raft, node, storage, kv and simulation do not depend on hash order")
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaClass> mustBeDeterministic() {
    return resideInAnyPackage(
        "raftkv.raft..", "raftkv.node..", "raftkv.storage..", "raftkv.kv..", "raftkv.simulation..");
  }

  private static DescribedPredicate<JavaClass> outsideOfTheEdges() {
    DescribedPredicate<JavaClass> main = describe("Main", BannedCalls::isMain);
    DescribedPredicate<JavaClass> client =
        resideInAPackage("raftkv.client..").and(not(resideInAPackage("raftkv.client.session..")));
    return not(
        resideInAnyPackage("raftkv.runtime..", "raftkv.cli..", "raftkv.bench..")
            .or(client)
            .or(main));
  }

  /** The top of a server process, and that of the seed runner: simulated time is not for these. */
  private static boolean isMain(JavaClass javaClass) {
    String name = outermost(javaClass).getName();
    return name.equals("raftkv.server.Main")
        || name.equals("raftkv.simulation.Main")
        || name.equals("raftkv.simulation.planted.PlantedBugs");
  }

  private static boolean isHiddenInput(JavaAccess<?> call) {
    AccessTarget target = call.getTarget();
    String owner = target.getOwner().getName();
    String name = target.getName();
    return readsClock(owner, name) || isRandom(owner, name) || startsThread(target, owner, name);
  }

  private static boolean readsClock(String owner, String name) {
    return switch (owner) {
      case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.util.Date" -> name.equals("<init>");
      default -> CLOCKS.contains(owner) && name.equals("now");
    };
  }

  private static boolean isRandom(String owner, String name) {
    return switch (owner) {
      case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
      case "java.util.UUID" -> name.equals("randomUUID");
      case "java.util.Collections" -> name.equals("shuffle");
      case "java.util.random.RandomGenerator" -> name.equals("of") || name.equals("getDefault");
      default -> RANDOM_SOURCES.contains(owner);
    };
  }

  private static boolean startsThread(AccessTarget target, String owner, String name) {
    boolean asynchronous =
        owner.equals("java.util.concurrent.CompletableFuture") && name.endsWith("Async");
    boolean parks = owner.equals("java.util.concurrent.locks.LockSupport");
    boolean sleeps = owner.equals("java.util.concurrent.TimeUnit") && name.equals("sleep");
    // Asking for the current thread, its name or its interrupt is no start.
    boolean own =
        target.getOwner().isAssignableTo(Thread.class)
            && (name.equals("<init>") || name.equals("start") || name.equals("sleep"));
    boolean pool = THREAD_SOURCES.contains(owner) && !owner.equals("java.lang.Thread");
    return asynchronous || parks || sleeps || own || pool;
  }

  private static boolean endsTheProcess(JavaAccess<?> call) {
    String owner = call.getTarget().getOwner().getName();
    String name = call.getTarget().getName();
    return switch (owner) {
      case "java.lang.System" -> name.equals("exit");
      case "java.lang.Runtime" ->
          name.equals("exit") || name.equals("halt") || name.equals("addShutdownHook");
      default -> false;
    };
  }

  private static boolean dependsOnHashOrder(JavaAccess<?> call) {
    JavaClass owner = call.getTarget().getOwner();
    String name = call.getTarget().getName();
    return isShuffledByDesign(owner.getName(), name)
        || name.equals("parallelStream")
        || (name.equals("parallel") && assignableTo(BaseStream.class).test(owner))
        || walksHashOrder(call, owner.getName(), name);
  }

  private static boolean isShuffledByDesign(String owner, String name) {
    return switch (owner) {
      case "java.lang.System" -> name.equals("identityHashCode");
      case "java.util.Map" ->
          name.equals("of") || name.equals("ofEntries") || name.equals("copyOf");
      case "java.util.Set" -> name.equals("of") || name.equals("copyOf");
      case "java.util.stream.Collectors" ->
          name.contains("Map") || name.contains("Set") || name.contains("grouping");
      default -> owner.equals("java.util.IdentityHashMap") || owner.equals("java.util.WeakHashMap");
    };
  }

  private static boolean walksHashOrder(JavaAccess<?> call, String owner, String name) {
    return switch (owner) {
      case "java.util.HashMap", "java.util.HashSet", "java.util.concurrent.ConcurrentHashMap" ->
          MAP_WALKS.contains(name) || WALKS.contains(name);
      case "java.util.Map", "java.util.concurrent.ConcurrentMap" ->
          MAP_WALKS.contains(name) && makesAny(call, HASH_MAPS);
      // The views of ordered maps are typed Set as well.
      case "java.util.Set" ->
          WALKS.contains(name) && makesAny(call, HASH_SETS) && !takesViewOfOrderedMap(call);
      default -> false;
    };
  }

  private static boolean takesViewOfOrderedMap(JavaAccess<?> call) {
    return call.getOrigin().getMethodCallsFromSelf().stream()
        .anyMatch(
            other ->
                MAP_WALKS.contains(other.getName())
                    && !other.getTargetOwner().getName().equals("java.util.Map")
                    && !HASH_MAPS.contains(other.getTargetOwner().getName()));
  }

  /** Whether the file of the call, its nested classes included, makes one of these. */
  private static boolean makesAny(JavaAccess<?> call, Set<String> types) {
    JavaClass outermost = outermost(call.getOriginOwner());
    return outermost.getPackage().getClasses().stream()
        .filter(candidate -> outermost(candidate).equals(outermost))
        .flatMap(candidate -> candidate.getAccessesFromSelf().stream())
        .map(JavaAccess::getTarget)
        .anyMatch(
            target ->
                target.getName().equals("<init>") && types.contains(target.getOwner().getName()));
  }

  private static JavaClass outermost(JavaClass javaClass) {
    JavaClass current = javaClass;
    while (current.getEnclosingClass().isPresent()) {
      current = current.getEnclosingClass().get();
    }
    return current;
  }

  private static DescribedPredicate<JavaAccess<?>> any(String what, Predicate<JavaAccess<?>> test) {
    return describe(what, test);
  }
}
