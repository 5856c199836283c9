package sh.cinch.schema.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What something that is to be sent out waits for. */
public enum WaitingFor {
  /** The forge allows no more requests for a while. */
  @JsonProperty("rate-limit")
  RATE_LIMIT,
  /** The forge does not answer as it should, or Cinch cannot ask it. */
  @JsonProperty("bitbucket")
  BITBUCKET,
  /** A person has to authorize anew. */
  @JsonProperty("authorization")
  AUTHORIZATION,
  /** The forge does not know the commit, or a release's tag, yet. */
  @JsonProperty("commit")
  COMMIT,
  /** Where a release's file is to come from does not answer as it should. */
  @JsonProperty("source")
  SOURCE
}
