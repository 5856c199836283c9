package sh.cinch.ingress.artifacts.release;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/** The files that were uploaded to Cinch, as far as a release has to do with them. */
public interface ReleasedFiles {

  /** For an ingress that stores none. */
  ReleasedFiles NONE =
      new ReleasedFiles() {
        @Override
        public Optional<Stored> find(UUID repository, UUID artifact) {
          return Optional.empty();
        }

        @Override
        public void needed(DSLContext transaction, Collection<UUID> artifacts) {}

        @Override
        public void released(DSLContext transaction, Collection<UUID> artifacts) {}
      };

  /**
   * What is stored.
   *
   * @param size in bytes
   * @param sha256 64 lower-case hex digits
   */
  record Stored(long size, String sha256) {}

  /** Empty where there is none (any more), or another repository's. Blocks. */
  Optional<Stored> find(UUID repository, UUID artifact);

  /** A release wants them; told once for each request, and again for its replay. */
  void needed(DSLContext transaction, Collection<UUID> artifacts);

  /** They are where they were wanted, and no release that is known waits for them. */
  void released(DSLContext transaction, Collection<UUID> artifacts);
}
