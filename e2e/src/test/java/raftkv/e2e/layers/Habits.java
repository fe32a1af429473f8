package raftkv.e2e.layers;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** Habits of naming and nullness that hold in all of our own packages. */
final class Habits {
  private static final DescribedPredicate<JavaClass> OURS =
      resideInAPackage("raftkv..").and(resideOutsideOfPackage("raftkv.proto.."));

  private Habits() {}

  /** Types are nouns for what they are, not for how they are used. */
  static ArchRule namesSayWhatATypeIs() {
    return noClasses()
        .that(OURS)
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)")
        .orShould()
        .haveNameMatching(".*[.$]Abstract[A-Z].*")
        .as("no type is called Impl, Manager, Helper, Util or Abstract")
        .allowEmptyShould(true);
  }

  /** Without the annotation NullAway does not look at the package at all. */
  static ArchRule packagesAreNullMarked() {
    return classes()
        .that(OURS)
        .should(
            new ArchCondition<JavaClass>("be in a package marked @NullMarked") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                String message = item.getFullName() + " is in a package without @NullMarked";
                events.add(new SimpleConditionEvent(item, marked, message));
              }
            })
        .allowEmptyShould(true);
  }
}
