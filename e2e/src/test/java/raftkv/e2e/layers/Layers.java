package raftkv.e2e.layers;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;

/**
 * The rules of the layers, with the numbers of the design; the fifth, on clocks, randomness and
 * threads, is in {@link BannedCalls}. All are exercised by code.
 */
final class Layers {
  /** Arrays and primitives have no package of their own and may be used everywhere. */
  private static final DescribedPredicate<JavaClass> PLAIN = resideInAnyPackage("");

  private static final String[] GENERATED_AND_GRPC = {
    "raftkv.proto..", "io.grpc..", "com.google.protobuf..", "com.google.rpc.."
  };

  private Layers() {}

  /** 1: the core is java.lang, java.util and itself. */
  static ArchRule coreStandsAlone() {
    return classes()
        .that(resideInAPackage("raftkv.raft.."))
        .should()
        .onlyDependOnClassesThat(
            PLAIN.or(
                resideInAnyPackage(
                    "raftkv.raft..",
                    "java.lang",
                    "java.util",
                    "java.util.function",
                    "java.util.random",
                    "org.jspecify.annotations")))
        .as("raft uses java.lang, java.util, java.util.function, java.util.random and itself")
        .allowEmptyShould(true);
  }

  /** 2: ports know the core, node knows ports and the core. */
  static ArchRule portsAndNodeKnowOnlyTheCore() {
    ArchRule port = knowsOnlyOfOurs("raftkv.port..", "raftkv.port..", "raftkv.raft..");
    ArchRule node =
        knowsOnlyOfOurs("raftkv.node..", "raftkv.node..", "raftkv.port..", "raftkv.raft..");
    return CompositeArchRule.of(port).and(node);
  }

  /** 3: the adapters know neither each other nor node. */
  static ArchRule adaptersKnowNeitherEachOtherNorNode() {
    return CompositeArchRule.of(adapter("storage", "kv", "transport", "runtime"))
        .and(adapter("kv", "storage", "transport", "runtime"))
        .and(adapter("transport", "storage", "kv", "runtime"))
        .and(adapter("runtime", "storage", "kv", "transport"));
  }

  /** 4: generated code and gRPC stay at the edges. */
  static ArchRule grpcStaysAtTheEdges() {
    return noClasses()
        .that(
            resideInAPackage("raftkv..")
                .and(
                    resideOutsideOfPackages(
                            "raftkv.proto..",
                            "raftkv.transport..",
                            "raftkv.service..",
                            "raftkv.client..",
                            "raftkv.cli..",
                            "raftkv.bench..")
                        .or(resideInAPackage("raftkv.client.session.."))))
        .should()
        .dependOnClassesThat(resideInAnyPackage(GENERATED_AND_GRPC))
        .as("generated and gRPC types appear only in transport, service, client, cli and bench")
        .allowEmptyShould(true);
  }

  /** 6: no cycles, package by package. */
  static ArchRule packagesHaveNoCycles() {
    return slices().matching("raftkv.(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** 7: service translates between the API and what lies below. */
  static ArchRule serviceKnowsWhatItTranslates() {
    return knowsOnlyOfOurs(
        "raftkv.service..",
        "raftkv.service..",
        "raftkv.node..",
        "raftkv.kv..",
        "raftkv.port..",
        "raftkv.raft..",
        "raftkv.config..",
        "raftkv.proto..");
  }

  /** 8: the simulation composes what the server composes, without its edges. */
  static ArchRule simulationHasNoEdges() {
    return noClasses()
        .that()
        .resideInAPackage("raftkv.simulation..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("raftkv.transport..", "raftkv.service..", "raftkv.runtime.."))
        .as("simulation knows neither transport nor service nor runtime")
        .allowEmptyShould(true);
  }

  /** The picture's arrows all lead away from the composition root. */
  static ArchRule nobodyKnowsTheServer() {
    return noClasses()
        .that(not(resideInAPackage("raftkv.server..")))
        .should()
        .dependOnClassesThat(resideInAPackage("raftkv.server.."))
        .as("nobody knows the composition root")
        .allowEmptyShould(true);
  }

  private static ArchRule adapter(String name, String... others) {
    String[] forbidden = new String[others.length + 1];
    for (int i = 0; i < others.length; i++) {
      forbidden[i] = "raftkv." + others[i] + "..";
    }
    forbidden[others.length] = "raftkv.node..";
    return noClasses()
        .that()
        .resideInAPackage("raftkv." + name + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(forbidden))
        .as(name + " knows neither the other adapters nor node")
        .allowEmptyShould(true);
  }

  private static ArchRule knowsOnlyOfOurs(String who, String... whom) {
    return noClasses()
        .that()
        .resideInAPackage(who)
        .should()
        .dependOnClassesThat(resideInAPackage("raftkv..").and(resideOutsideOfPackages(whom)))
        .as(who + " knows of our packages only " + String.join(", ", whom))
        .allowEmptyShould(true);
  }
}
