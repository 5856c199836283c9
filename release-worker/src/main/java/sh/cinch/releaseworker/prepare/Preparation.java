package sh.cinch.releaseworker.prepare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Download;
import sh.cinch.bitbucket.client.Head;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.releaseworker.forge.Access;
import sh.cinch.releaseworker.forge.Got;
import sh.cinch.releaseworker.forge.Obstacle;
import sh.cinch.releaseworker.forge.Setback;
import sh.cinch.releaseworker.releases.ListedDownload;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.service.due.BackOff;

/** One look at Bitbucket before anything is sent there. */
final class Preparation {

  private static final int NOT_FOUND = 404;
  private static final Answer<Optional<Head>> NO_SUCH_TAG = new Ok<>(Optional.empty(), 200);

  /** What came of it. */
  sealed interface Prepared {

    /**
     * The tag is right.
     *
     * @param there the downloads by their names
     */
    record Ready(Map<String, ListedDownload> there) implements Prepared {}

    record Halted(Setback setback) implements Prepared {}
  }

  private final Access access;
  private final Release release;

  Preparation(Access access, Release release) {
    this.access = access;
    this.release = release;
  }

  Prepared run() {
    return switch (access.get(this::tag)) {
      case Got.Not<Optional<Head>>(Setback setback) -> new Prepared.Halted(setback);
      case Got.Value<Optional<Head>>(Optional<Head> tag) ->
          objection(tag).<Prepared>map(Prepared.Halted::new).orElseGet(this::look);
    };
  }

  /** No tag is an answer, too. Whether Bitbucket takes a slash in a path is not documented. */
  private Answer<Optional<Head>> tag(BitbucketClient client) {
    RepositoryAddress address = access.address();
    Answer<Optional<Head>> named = found(client.tag(address, release.tag()).map(Optional::of));
    return release.tag().contains("/") && named.equals(NO_SUCH_TAG)
        ? client
            .tags(address)
            .map(all -> all.stream().filter(tag -> tag.name().equals(release.tag())).findFirst())
        : named;
  }

  private static Answer<Optional<Head>> found(Answer<Optional<Head>> answer) {
    return answer instanceof Refused<Optional<Head>>(int status, ApiError error)
            && status == NOT_FOUND
        ? NO_SUCH_TAG
        : answer;
  }

  private Optional<Setback> objection(Optional<Head> tag) {
    if (tag.isEmpty()) {
      return Optional.of(missing());
    }
    String commit = tag.get().commit();
    return commit.equals(release.commit())
        ? Optional.empty()
        : Optional.of(
            new Setback.Never(
                OptionalInt.empty(),
                "the tag %s points to %s, and the release was asked for %s. Nothing was sent: release from the commit that is tagged, or move the tag"
                    .formatted(release.tag(), commit, release.commit())));
  }

  private Setback missing() {
    int failures = release.attempts() + 1;
    String reason = "Bitbucket does not know the tag %s".formatted(release.tag());
    return BackOff.afterNotFound(failures)
        .<Setback>map(
            pause ->
                new Setback.Later(
                    Obstacle.TAG, OptionalInt.of(NOT_FOUND), reason + " (yet)", pause))
        .orElseGet(
            () ->
                access
                    .refusals()
                    .unlessOutage(
                        NOT_FOUND,
                        reason + ". Nothing was sent: push the tag, then release again"));
  }

  private Prepared look() {
    return switch (access.get(client -> client.downloads(access.address()))) {
      case Got.Not<List<Download>>(Setback setback) -> new Prepared.Halted(setback);
      case Got.Value<List<Download>>(List<Download> all) ->
          new Prepared.Ready(
              all.stream()
                  .collect(
                      Collectors.toMap(Download::name, ListedDownload::of, (one, other) -> other)));
    };
  }
}
