package sh.cinch.statusworker.post;

import java.net.URI;
import sh.cinch.bitbucket.client.StatusUrl;

/** Bitbucket's own page of a commit: where a status leads that has no usable link of its own. */
final class CommitPage {

  private static final String BITBUCKET = "https://bitbucket.org";

  private final String base;

  CommitPage(URI bitbucket) {
    // Bitbucket takes no link to a host without a dot, such as a simulator's localhost.
    this.base =
        switch (StatusUrl.check(bitbucket.toString())) {
          case StatusUrl.Check.Accepted(StatusUrl url) -> url.value();
          case StatusUrl.Check.Refused(String why) -> BITBUCKET;
        };
  }

  StatusUrl of(String fullName, String commit) {
    return new StatusUrl("%s/%s/commits/%s".formatted(base, fullName, commit));
  }
}
