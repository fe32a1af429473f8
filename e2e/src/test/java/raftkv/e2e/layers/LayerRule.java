package raftkv.e2e.layers;

import com.tngtech.archunit.lang.ArchRule;

/** All rules by name, so that the tests cannot forget one. */
enum LayerRule {
  CORE_STANDS_ALONE(Layers.coreStandsAlone()),
  PORTS_AND_NODE_KNOW_ONLY_THE_CORE(Layers.portsAndNodeKnowOnlyTheCore()),
  ADAPTERS_KNOW_NEITHER_EACH_OTHER_NOR_NODE(Layers.adaptersKnowNeitherEachOtherNorNode()),
  GRPC_STAYS_AT_THE_EDGES(Layers.grpcStaysAtTheEdges()),
  TIME_RANDOMNESS_AND_THREADS_COME_FROM_THE_EDGES(
      BannedCalls.timeRandomnessAndThreadsComeFromTheEdges()),
  PACKAGES_HAVE_NO_CYCLES(Layers.packagesHaveNoCycles()),
  SERVICE_KNOWS_WHAT_IT_TRANSLATES(Layers.serviceKnowsWhatItTranslates()),
  SIMULATION_HAS_NO_EDGES(Layers.simulationHasNoEdges()),
  NOBODY_KNOWS_THE_SERVER(Layers.nobodyKnowsTheServer()),
  ONLY_THE_TOP_ENDS_THE_PROCESS(BannedCalls.onlyTheTopEndsTheProcess()),
  NOTHING_DEPENDS_ON_HASH_ORDER(BannedCalls.nothingDependsOnHashOrder()),
  NO_FILE_IS_MAPPED(Habits.noFileIsMapped()),
  NAMES_SAY_WHAT_A_TYPE_IS(Habits.namesSayWhatATypeIs()),
  PACKAGES_ARE_NULL_MARKED(Habits.packagesAreNullMarked());

  // ArchUnit's rules are immutable, but do not say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final ArchRule rule;

  LayerRule(ArchRule rule) {
    this.rule = rule;
  }

  ArchRule rule() {
    return rule;
  }
}
