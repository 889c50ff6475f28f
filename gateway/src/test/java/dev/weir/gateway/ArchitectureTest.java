package dev.weir.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.weir.metering.DomainRules;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.meter.JsonPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line of modules, and the rules of the domain in each module that has a part of it. */
class ArchitectureTest {

  private static final List<String> LINE =
      List.of("metering", "rating", "invoicing", "api", "gateway");

  private static final String[] CLIENTS = {
    "dev.weir.gateway.terminal..",
    "dev.weir.gateway.client..",
    "dev.weir.gateway.rows..",
    "dev.weir.gateway.csv..",
    "dev.weir.gateway.imports..",
    "dev.weir.gateway.demo.."
  };

  private static final JavaClasses WEIR = DomainRules.mainClasses("dev.weir");

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

  /** Paths into data are resolved where events are decoded, and written where meters are. */
  @Test
  void packagesOfMeteringAreFreeOfCycles() {
    slices()
        .matching("dev.weir.metering.(*)..")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(PathTree.class, JsonPath.class)
        .check(WEIR);
  }

  @Test
  void packagesOfTheRestSurfaceAreFreeOfCycles() {
    slices().matching("dev.weir.api.(**)").should().beFreeOfCycles().check(WEIR);
  }

  /** What judges the engine, or feeds it, must not be wrong in the same way. */
  @Test
  void commandsThatActAsClientsShareNoCodeWithTheEngine() {
    noClasses()
        .that()
        .resideInAnyPackage(CLIENTS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.weir.metering..", "dev.weir.rating..", "dev.weir.invoicing..", "dev.weir.api..")
        .check(WEIR);
  }

  @Test
  void packagesOfClientsAreFreeOfCycles() {
    slices()
        .matching("dev.weir.gateway.(**)")
        .should()
        .beFreeOfCycles()
        .check(WEIR.that(resideInAnyPackage(CLIENTS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"metering", "rating", "invoicing"})
  void theDomainIsExactDeterministicAndKnowsNoHttp(String module) {
    JavaClasses classes = DomainRules.mainClasses("dev.weir." + module);
    DomainRules.all().forEach(rule -> rule.check(classes));
  }
}
