package dev.weir.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The line of modules and the rules that hold across them. */
class ArchitectureTest {

  private static final JavaClasses WEIR = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("dev.weir");

  private static final List<String> LINE =
      List.of("metering", "rating", "invoicing", "api", "gateway");

  private static final String[] MONEY = {
    "dev.weir.metering..", "dev.weir.rating..", "dev.weir.invoicing.."
  };

  @Test
  void modulesDependInOneLine() {
    for (int i = 0; i < LINE.size() - 1; i++) {
      String[] later = LINE.subList(i + 1, LINE.size()).stream()
          .map(module -> "dev.weir." + module + "..")
          .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.weir." + LINE.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(WEIR);
    }
  }

  @Test
  void modulesAreFreeOfCycles() {
    slices().matching("dev.weir.(*)..").should().beFreeOfCycles().check(WEIR);
  }

  @Test
  void theDomainKnowsNoHttp() {
    noClasses()
        .that()
        .resideInAnyPackage(MONEY)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..")
        .check(WEIR);
  }

  @Test
  void moneyAndQuantitiesAreNeverFloatingPoint() {
    classes().that().resideInAnyPackage(MONEY).should(notMentionFloatingPoint()).check(WEIR);
  }

  @Test
  void timeIdsAndRandomnessAreInjected() {
    for (String call : List.of("now", "currentTimeMillis", "randomUUID", "random")) {
      noClasses()
          .that()
          .resideInAnyPackage(MONEY)
          .should()
          .callMethodWhere(com.tngtech.archunit.base.DescribedPredicate.describe(
              "takes time, ids or randomness from the air: " + call,
              target -> target.getName().equals(call)
                  && Set.of(
                          "java.time.Instant",
                          "java.time.LocalDate",
                          "java.time.LocalDateTime",
                          "java.time.OffsetDateTime",
                          "java.time.ZonedDateTime",
                          "java.lang.System",
                          "java.util.UUID",
                          "java.lang.Math")
                      .contains(target.getTargetOwner().getFullName())))
          .check(WEIR);
    }
  }

  private static ArchCondition<JavaClass> notMentionFloatingPoint() {
    return new ArchCondition<>("not mention float or double") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Stream<String> fields = type.getFields().stream()
            .filter(field -> isFloating(field.getRawType()))
            .map(JavaField::getFullName);
        Stream<String> units = type.getCodeUnits().stream()
            .filter(unit -> isFloating(unit.getRawReturnType())
                || unit.getRawParameterTypes().stream().anyMatch(ArchitectureTest::isFloating))
            .map(JavaCodeUnit::getFullName);
        Stream<String> calls = type.getMethodCallsFromSelf().stream()
            .filter(call -> call.getName().matches("doubleValue|floatValue|parseDouble"))
            .map(Object::toString);
        Stream.concat(Stream.concat(fields, units), calls)
            .forEach(where -> events.add(SimpleConditionEvent.violated(type, where)));
      }
    };
  }

  private static boolean isFloating(JavaClass type) {
    return Set.of("float", "double", "java.lang.Float", "java.lang.Double")
        .contains(type.getBaseComponentType().getName());
  }
}
