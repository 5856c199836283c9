package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.forge.Ability;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Site;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.testkit.TestServers;

@OnSharedServers
class LookPaceTest {

  private static final Allowance.None NONE = new Allowance.None("", Duration.ofMinutes(7));

  private static TestParts parts;
  private final UUID credential = UUID.randomUUID();

  @BeforeAll
  static void open() {
    parts = TestParts.open(SharedServers.kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @ParameterizedTest
  @CsvSource({"500,1,PT45S", "50,1,PT72S", "50,3,PT3M36S", "5,1,PT12M"})
  void whatIsLeftIsSpreadOverAnHour(int most, int requests, Duration pause) {
    assertThat(
            pace(new Allowance.Some("token " + credential, most, NONE)).after(credential, requests))
        .isEqualTo(pause);
  }

  @Test
  void whereNothingIsCountedItIsLookedAtOften() {
    assertThat(pace(Allowance.any("token " + credential)).after(credential, 3))
        .isEqualTo(LookPace.SHORTEST);
  }

  @Test
  void whereNothingIsLeftItIsLeftAlone() {
    assertThat(pace(NONE).after(credential, 1)).isEqualTo(Duration.ofMinutes(7));
  }

  @Test
  void repositoriesOfOneClientShareWhatItHasLeft() {
    IntStream.range(0, 100).forEach(i -> connected("oauth"));
    connected("access-token");

    assertThat(pace(new Allowance.Some("client", 250, NONE)).after(credential, 1))
        .isEqualTo(Duration.ofHours(1).multipliedBy(100).dividedBy(250));
  }

  private static void connected(String kind) {
    UUID id = parts.repository();
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.CREDENTIAL_KIND, kind)
        .where(REPOSITORY.ID.eq(id))
        .execute();
  }

  private LookPace pace(Allowance allowance) {
    return new LookPace(parts.database(), new Allowing(allowance), parts.clock());
  }

  /** A forge of which only is known what it allows. */
  private record Allowing(Allowance allowance) implements Forge {

    @Override
    public Allowance allowance(UUID credential, Purpose purpose) {
      return allowance;
    }

    @Override
    public Site site() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<Ability> abilities(Collection<String> scopes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ForgeResult<Forge> ready(UUID credential) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ForgeResult<Forge> readyAnew(UUID credential) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ForgeSession open(ForgeCaller caller, BooleanSupplier mayBegin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
