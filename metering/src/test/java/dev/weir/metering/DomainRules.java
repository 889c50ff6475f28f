package dev.weir.metering;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Rules that hold in metering, rating and invoicing alike. */
public final class DomainRules {

  private DomainRules() {}

  private static final Set<String> BINARY_FLOATING =
      Set.of("float", "double", "java.lang.Float", "java.lang.Double");

  private static boolean isFloating(JavaClass type) {
    return BINARY_FLOATING.contains(type.getBaseComponentType().getName());
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream());
  }

  private static final ArchCondition<JavaClass> USE_NO_BINARY_FLOATING_POINT =
      new ArchCondition<>("use no float and no double") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          type.getFields().stream()
              .filter(field -> isFloating(field.getRawType()))
              .forEach(field ->
                  events.add(SimpleConditionEvent.violated(field, field.getDescription())));
          type.getCodeUnits().stream()
              .filter(unit -> !unit.isConstructor() || !isAccessOrderedMap(type))
              .filter(unit -> signature(unit).anyMatch(DomainRules::isFloating))
              .forEach(
                  unit -> events.add(SimpleConditionEvent.violated(unit, unit.getDescription())));
          // A local of that kind comes from or goes to a call with it in its signature.
          Stream.<JavaCall<?>>concat(
                  type.getMethodCallsFromSelf().stream(),
                  type.getConstructorCallsFromSelf().stream())
              .filter(call -> Stream.concat(
                      Stream.of(call.getTarget().getRawReturnType()),
                      call.getTarget().getRawParameterTypes().stream())
                  .anyMatch(DomainRules::isFloating))
              .filter(call -> !isLoadFactor(call))
              .forEach(
                  call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
        }
      };

  /** The one float of the JDK that cannot be avoided: the load factor of an access-ordered map. */
  private static boolean isLoadFactor(JavaCall<?> call) {
    return call instanceof JavaConstructorCall && isAccessOrderedMap(call.getTargetOwner());
  }

  private static boolean isAccessOrderedMap(JavaClass type) {
    return type.isAssignableTo(java.util.LinkedHashMap.class);
  }

  /** The main classes below a package; test classes stay out, also those in a fixtures jar. */
  public static JavaClasses mainClasses(String root) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(root);
  }

  /** The rules, to be checked against the classes of a module. */
  public static List<ArchRule> all() {
    return List.of(
        classes().should(USE_NO_BINARY_FLOATING_POINT),
        noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(ThreadLocalRandom.class, "current")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .callConstructor(Random.class, long.class)
            .orShould()
            .callMethodWhere(new DescribedPredicate<>("a clock of the machine") {
              @Override
              public boolean test(com.tngtech.archunit.core.domain.JavaMethodCall call) {
                boolean now = call.getName().equals("now")
                    && call.getTargetOwner().getPackageName().equals("java.time");
                return now
                    || (call.getTargetOwner().isEquivalentTo(Clock.class)
                        && call.getName().startsWith("system"));
              }
            }),
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.."));
  }
}
