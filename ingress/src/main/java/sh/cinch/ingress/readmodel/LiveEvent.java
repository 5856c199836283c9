package sh.cinch.ingress.readmodel;

import java.util.UUID;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseRequest;

/** Something that has just happened in a repository. */
public sealed interface LiveEvent {

  UUID repositoryId();

  record Pushed(String eventId, PushEvent push) implements LiveEvent {
    @Override
    public UUID repositoryId() {
      return push.repository().id();
    }
  }

  /** A runner has reported a state. */
  record Built(UUID repositoryId, BuildState state) implements LiveEvent {}

  /** A release was asked for. */
  record Asked(UUID repositoryId, ReleaseRequest request) implements LiveEvent {}

  /** What became of something Cinch sent out. */
  record Settled(Outcome outcome) implements LiveEvent {
    @Override
    public UUID repositoryId() {
      return outcome.repository().id();
    }
  }

  /** The credential that the repository is connected with stands otherwise now. */
  record Stands(UUID repositoryId, CredentialEvent credential) implements LiveEvent {}
}
