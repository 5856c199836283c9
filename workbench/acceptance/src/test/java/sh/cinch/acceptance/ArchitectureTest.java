package sh.cinch.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Who may know whom, and the rules worth failing the build for. */
class ArchitectureTest {

  private static final JavaClasses CINCH =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("sh.cinch");

  /** Each module's package, and whom of ours it may know beside itself. */
  private static final Map<String, List<String>> MAY_KNOW =
      new TreeMap<>(
          Map.ofEntries(
              entry("schema", List.of()),
              entry("database", List.of()),
              entry("bitbucket", List.of()),
              entry("embedded", List.of()),
              entry("simulator", List.of()),
              // For tests: no main code may know it.
              entry("testkit", List.of("schema", "database", "embedded", "simulator")),
              entry("service", List.of("schema", "database")),
              entry("forge", List.of("schema", "database", "service", "bitbucket")),
              entry("ingress", List.of("schema", "database", "bitbucket", "service", "forge")),
              entry("tokenservice", List.of("schema", "database", "bitbucket", "service", "forge")),
              entry("statusworker", List.of("schema", "database", "service", "forge")),
              entry("releaseworker", List.of("schema", "database", "service", "forge")),
              entry("cli", List.of("schema", "service"))));

  /** These may know everybody, and nobody knows them. */
  private static final List<String> ON_TOP = List.of("local", "benchmark");

  static Stream<String> modules() {
    return MAY_KNOW.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleKnowsOnlyWhomItMay(String module) {
    String[] others =
        Stream.concat(MAY_KNOW.keySet().stream(), ON_TOP.stream())
            .filter(other -> !other.equals(module))
            .filter(other -> !MAY_KNOW.getOrDefault(module, List.of()).contains(other))
            .map(other -> "sh.cinch." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("sh.cinch." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CINCH);
  }

  @Test
  void whatSitsOnTopStandsBesideEachOther() {
    for (String one : ON_TOP) {
      noClasses()
          .that()
          .resideInAPackage("sh.cinch." + one + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ON_TOP.stream()
                  .filter(other -> !other.equals(one))
                  .map(other -> "sh.cinch." + other + "..")
                  .toArray(String[]::new))
          .check(CINCH);
    }
  }

  @Test
  void everyPackageBelongsToAModuleOfThisList() {
    assertThat(
            CINCH.stream()
                .map(type -> type.getPackageName().replaceFirst("sh\\.cinch\\.([a-z]+).*", "$1"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(Stream.concat(modules(), ON_TOP.stream()).toList());
  }

  @Test
  void theWebhookPathCallsNobody() {
    noClasses()
        .that()
        .resideInAnyPackage("sh.cinch.ingress.webhooks..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "sh.cinch.bitbucket.client..", "sh.cinch.bitbucket.oauth..", "sh.cinch.service.lease..")
        .check(CINCH);
  }

  /** What they ask of a forge they ask of {@code forge}, so that another one changes no service. */
  @Test
  void noServiceThatAsksForgesKnowsAClientOfBitbucket() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "sh.cinch.ingress..",
            "sh.cinch.tokenservice..",
            "sh.cinch.statusworker..",
            "sh.cinch.releaseworker..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sh.cinch.bitbucket.client..", "sh.cinch.bitbucket.http..")
        .check(CINCH);
  }

  @Test
  void onlyTheTokenServiceSpeaksToTheTokenEndpoint() {
    noClasses()
        .that()
        .resideOutsideOfPackages("sh.cinch.tokenservice..", "sh.cinch.bitbucket..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("sh.cinch.bitbucket.oauth..")
        .check(CINCH);
  }

  @Test
  void onlyTheOperatorsCommandsStandOnService() {
    noClasses()
        .that()
        .resideInAPackage("sh.cinch.cli..")
        .and()
        .resideOutsideOfPackage("sh.cinch.cli.operator..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("sh.cinch.service..")
        .check(CINCH);
  }

  @Test
  void noNameHidesWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?)(\\$.*)?").check(CINCH);
  }

  @Test
  void onlyAMainAndTheLastResortEndTheProcess() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .and()
        .doNotHaveFullyQualifiedName("sh.cinch.service.exit.LastResort")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CINCH);
  }

  /**
   * What else reaches a terminal goes through {@code cinch}'s own, or is spelt out on the spot. A
   * new name here is a decision.
   */
  @Test
  void standardOutputIsWrittenHereAndNowhereElse() {
    Set<String> writers =
        CINCH.stream()
            .flatMap(type -> type.getFieldAccessesFromSelf().stream())
            .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
            .filter(access -> Set.of("out", "err").contains(access.getTarget().getName()))
            .map(access -> access.getOriginOwner().getName().replaceFirst("\\$.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(writers)
        .containsExactly(
            "sh.cinch.benchmark.deliveries.BareReceiver", // to the process that started it
            "sh.cinch.benchmark.load.Main",
            "sh.cinch.benchmark.source.Main",
            "sh.cinch.cli.terminal.Terminal",
            "sh.cinch.service.ServiceProcess",
            "sh.cinch.service.exit.LastResort",
            "sh.cinch.simulator.Main",
            "sh.cinch.statusworker.Main");
  }

  /** Commands write to what picocli gives them, which is this. */
  @Test
  void everyCommandWritesToTheTerminal() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("sh.cinch.cli.terminal.Terminal")
        .should()
        .callConstructor(CommandLine.class, Object.class)
        .orShould()
        .callMethod(CommandLine.class, "setOut", PrintWriter.class)
        .orShould()
        .callMethod(CommandLine.class, "setErr", PrintWriter.class)
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(CINCH);
  }

  @Test
  void nothingReadsTheClockBehindASteppersBack() {
    classes()
        .that()
        .resideInAnyPackage(
            "sh.cinch.ingress..",
            "sh.cinch.tokenservice..",
            "sh.cinch.statusworker..",
            "sh.cinch.releaseworker..")
        .should(ArchConditions.not(ArchConditions.callMethod(Instant.class, "now")))
        .check(CINCH);
  }

  /** Everything that reads a secret's text. A new name here is a decision. */
  @Test
  void secretsAreReadHereAndNowhereElse() {
    Set<String> readers =
        CINCH.stream()
            .flatMap(
                type ->
                    Stream.concat(
                        type.getMethodCallsFromSelf().stream(),
                        type.getMethodReferencesFromSelf().stream()))
            .filter(access -> access.getTarget().getName().equals("reveal"))
            .filter(access -> SECRETS.contains(access.getTargetOwner().getName()))
            .map(access -> access.getOriginOwner().getName().replaceFirst("\\$.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(readers).containsExactlyElementsOf(READERS);
  }

  private static final Set<String> SECRETS =
      Set.of("sh.cinch.service.secret.Secret", "sh.cinch.bitbucket.OpaqueToken");

  private static final List<String> READERS =
      List.of(
          "sh.cinch.benchmark.deliveries.DeliveryStand",
          "sh.cinch.benchmark.statuses.StatusWorker",
          "sh.cinch.bitbucket.client.HookRequest",
          "sh.cinch.bitbucket.oauth.OAuthEndpoint",
          "sh.cinch.bitbucket.oauth.TokenPairReader",
          "sh.cinch.cli.operator.KeysetCommand",
          "sh.cinch.cli.operator.StoredKeyset",
          "sh.cinch.forge.cloud.CloudHooks",
          "sh.cinch.forge.cloud.CloudProbe",
          "sh.cinch.forge.cloud.CloudSession",
          "sh.cinch.ingress.artifacts.ServiceSecrets",
          "sh.cinch.ingress.connecting.session.SignIns",
          "sh.cinch.ingress.git.Upstream",
          "sh.cinch.ingress.token.RandomToken",
          "sh.cinch.ingress.web.api.RepositoryView",
          "sh.cinch.ingress.web.pages.ConnectedPage",
          "sh.cinch.ingress.web.pages.Viewer",
          "sh.cinch.ingress.webhooks.hook.HookRows",
          "sh.cinch.local.stack.Keys",
          "sh.cinch.releaseworker.source.Artifacts",
          "sh.cinch.service.database.Database",
          "sh.cinch.service.secret.Keyset",
          "sh.cinch.service.secret.Vault",
          "sh.cinch.service.token.TokenJson",
          "sh.cinch.service.token.TokenServiceClient",
          "sh.cinch.tokenservice.acquire.CodeExchange",
          "sh.cinch.tokenservice.acquire.PastedToken",
          "sh.cinch.tokenservice.caller.Callers",
          "sh.cinch.tokenservice.credential.FreshToken",
          "sh.cinch.tokenservice.forge.BitbucketCloud",
          "sh.cinch.tokenservice.refresh.RefreshAttempt");
}
