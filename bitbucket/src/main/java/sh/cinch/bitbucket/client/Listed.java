package sh.cinch.bitbucket.client;

import java.util.List;

/**
 * A list, read to its end.
 *
 * @param leftOut how many entries beside them are not what the API documents; whoever would take
 *     what is not on the list for gone has to look at it
 */
public record Listed<T>(List<T> items, int leftOut) {
  public Listed {
    items = List.copyOf(items);
  }
}
