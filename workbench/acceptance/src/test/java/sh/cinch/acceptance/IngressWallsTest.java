package sh.cinch.acceptance;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ingress is several things in one process; here is what keeps them apart. */
class IngressWallsTest {

  private static final String ROOT = "sh.cinch.ingress.";
  private static final String WIRING = "wiring";

  private static final JavaClasses INGRESS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("sh.cinch.ingress");

  /** Each group, and which others it may know; everybody knows what is shared. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("heads", Set.of()),
          entry("webhooks", Set.of("heads")),
          entry("connecting", Set.of("webhooks", "forge")),
          entry("artifacts", Set.of("connecting", "forge")),
          entry("readmodel", Set.of("connecting", "artifacts", "heads")),
          entry("pushes", Set.of()),
          entry("git", Set.of("connecting")),
          entry("reconciler", Set.of("heads", "webhooks", "connecting")),
          entry(
              "web",
              Set.of(
                  "webhooks",
                  "connecting",
                  "artifacts",
                  "readmodel",
                  "pushes",
                  "git",
                  "forge",
                  "reconciler")),
          entry("forge", Set.of()));

  private static final Set<String> SHARED = Set.of("paging", "text", "token");

  /** All that others see of a group. A new name here is a decision. */
  private static final Map<String, Set<String>> DOORS =
      Map.of(
          "heads",
              Set.of(
                  "Expectation",
                  "ExpectedPushes",
                  "FoundPush",
                  "KnownHead",
                  "KnownHeads",
                  "MissedPush",
                  "MissedPushes",
                  "PublishedHead"),
          "webhooks",
              Set.of(
                  "BodySettings",
                  "Deliveries",
                  "DeliveryBodies",
                  "DeliveryFilter",
                  "DeliveryReplay",
                  "HeldEnd",
                  "HeldPush",
                  "Hook",
                  "HookTrouble",
                  "HookUrl",
                  "HookUrls",
                  "Hooks",
                  "KeptHeaders",
                  "KnownHook",
                  "LoggedDelivery",
                  "NameHints",
                  "NewHook",
                  "Origin",
                  "OutboxPushes",
                  "OwnDeliveries",
                  "PushProducers",
                  "PushPublisher",
                  "PushSimulation",
                  "ReconciledPush",
                  "RefusedLately",
                  "Replay",
                  "SecretToTell",
                  "SeenUuid",
                  "UuidRemoval",
                  "Webhooks"),
          "connecting",
              Set.of(
                  "BrowserCookie",
                  "ConnectOrder",
                  "Connected",
                  "Connecting",
                  "Connection",
                  "Connections",
                  "CredentialStates",
                  "CredentialWords",
                  "Credentials",
                  "DefaultBranch",
                  "Disconnection",
                  "HookAttention",
                  "HookNote",
                  "ManualWebhook",
                  "RepositoryAccess",
                  "RepositoryAccessCache",
                  "RepositoryConnector",
                  "RepositoryDisconnector",
                  "RepositoryFilter",
                  "Session",
                  "Sessions",
                  "SignIns",
                  "SignedIn",
                  "TokenService",
                  "WebhookUuids"),
          "artifacts",
              Set.of(
                  "Artifact",
                  "ArtifactSettings",
                  "Artifacts",
                  "Content",
                  "UploadProgress",
                  "NoSpaceException",
                  "ReleaseChecks",
                  "ReleasedFiles",
                  "Upload",
                  "UploadResult",
                  "UploadStart"),
          "readmodel",
              Set.of(
                  "DeadLetterFilter",
                  "DeadLetterReplay",
                  "DeadLetterState",
                  "DeadRecord",
                  "DeadRecords",
                  "ListedDeadLetter",
                  "ListedDeadLetters",
                  "LiveEvent",
                  "LiveFeed",
                  "Projections",
                  "PushRow",
                  "ReadModel",
                  "ReleaseRecorder",
                  "ReleaseRow",
                  "Releases",
                  "UnlistedDeadLetters"),
          "pushes", Set.of("ConsumerName", "PushWait", "Pushes"),
          "git", Set.of("GitAddress", "GitEntry", "GitSettings"),
          "reconciler", Set.of("LastLooks", "Reconciler"),
          "web", Set.of("Web"));

  /** Used elsewhere in ways that leave no trace: constants, and results that are passed on. */
  private static final Set<String> WITHOUT_TRACE =
      Set.of("Outcomes", "Publication", "PushBatch", "Words");

  static Stream<String> groups() {
    return MAY_KNOW.keySet().stream().sorted();
  }

  static Stream<String> walled() {
    return DOORS.keySet().stream().sorted();
  }

  @Test
  void everyPackageIsOfAGroupOrShared() {
    assertThat(INGRESS.stream().map(IngressWallsTest::group).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(groups(), SHARED.stream(), Stream.of(WIRING))
                .flatMap(names -> names)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aGroupKnowsOnlyWhomItMay(String group) {
    assertThat(known(from -> group(from).equals(group)).map(IngressWallsTest::group))
        .isSubsetOf(
            Stream.concat(MAY_KNOW.getOrDefault(group, Set.of()).stream(), SHARED.stream())
                .toList());
  }

  @Test
  void whatIsSharedKnowsNoGroup() {
    assertThat(known(from -> SHARED.contains(group(from))).map(IngressWallsTest::group))
        .isSubsetOf(SHARED);
  }

  @ParameterizedTest
  @MethodSource("walled")
  void aGroupIsEnteredThroughItsDoors(String group) {
    Set<String> entered =
        known(from -> !group(from).equals(group))
            .filter(type -> group(type).equals(group))
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(entered)
        .containsExactlyElementsOf(new TreeSet<>(DOORS.getOrDefault(group, Set.of())));
  }

  @Test
  void nothingIsPublicThatOnlyItsPackageUses() {
    Set<JavaClass> used =
        INGRESS.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(use -> !samePackage(use))
            .map(use -> outermost(use.getTargetClass()))
            .collect(Collectors.toSet());
    assertThat(
            INGRESS.stream()
                .filter(type -> type.isTopLevelClass())
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getPackageName().equals("sh.cinch.ingress"))
                .filter(type -> !type.getPackageName().endsWith(".templates"))
                .filter(type -> !used.contains(type))
                .filter(type -> !WITHOUT_TRACE.contains(type.getSimpleName()))
                .map(JavaClass::getName))
        .isEmpty();
  }

  @Test
  void noTwoPackagesKnowEachOther() {
    slices().matching("sh.cinch.ingress.(**)").should().beFreeOfCycles().check(INGRESS);
  }

  /** What is known outside its own group, by its outermost types. */
  private static Stream<JavaClass> known(Predicate<JavaClass> by) {
    return INGRESS.stream()
        .filter(by)
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use -> use.getTargetClass().getName().startsWith(ROOT))
        .filter(use -> !group(use.getOriginClass()).equals(group(use.getTargetClass())))
        .map(use -> outermost(use.getTargetClass()))
        .distinct();
  }

  private static boolean samePackage(Dependency use) {
    return use.getOriginClass().getPackageName().equals(use.getTargetClass().getPackageName());
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getBaseComponentType()
        .getEnclosingClass()
        .map(IngressWallsTest::outermost)
        .orElseGet(type::getBaseComponentType);
  }

  /** Templates are the pages' own. */
  private static String group(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName() + ".";
    String group = name.substring(ROOT.length()).replaceFirst("\\..*", "");
    return switch (group) {
      case "" -> WIRING;
      case "templates" -> "web";
      default -> group;
    };
  }
}
