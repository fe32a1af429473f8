package raftkv.e2e.layers;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
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
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.NullMarked;

/** Habits that hold in all of our own packages: of naming, nullness, and files. */
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

  /** A full or failing disk under a mapped file ends the JVM with a signal, not with an error. */
  static ArchRule noFileIsMapped() {
    return noClasses()
        .that(OURS)
        .should()
        .callMethodWhere(
            describe(
                "maps a file",
                call ->
                    call.getName().equals("map")
                        && call.getTargetOwner().isAssignableTo(FileChannel.class)))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(MappedByteBuffer.class)
        .as("no file is mapped into memory")
        .allowEmptyShould(true);
  }
}
