package sh.cinch.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** How a call to Cinch ended. */
public sealed interface Answer {

  /**
   * Done.
   *
   * @param body a missing node where there is none
   */
  record Done(int status, JsonNode body) implements Answer {}

  /**
   * Refused: the same call would be refused again.
   *
   * @param words for whoever asked
   * @param problem a missing node where the answer was not JSON
   */
  record Refused(int status, String words, JsonNode problem) implements Answer {}

  /**
   * Nobody answered, or nobody who could do it now: the same call may well be done later.
   *
   * @param pause how long the server asked to wait
   */
  record Away(String why, Optional<Duration> pause) implements Answer {}
}
