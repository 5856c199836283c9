package sh.cinch.ingress.connecting;

import java.util.List;

/**
 * A repository that is disconnected now.
 *
 * @param left what could not be removed and waits for a person
 * @param notes what else its people should know; nothing went wrong
 */
public record Disconnection(List<String> left, List<String> notes) {

  public Disconnection {
    left = List.copyOf(left);
    notes = List.copyOf(notes);
  }
}
