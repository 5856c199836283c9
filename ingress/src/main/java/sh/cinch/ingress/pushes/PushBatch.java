package sh.cinch.ingress.pushes;

import java.util.List;

/**
 * What is answered.
 *
 * @param next the cursor to go on from; passing it as a consumer acknowledges the items
 */
public record PushBatch(List<Pushed> items, String next) {

  public PushBatch {
    items = List.copyOf(items);
  }

  static PushBatch none(PushCursor next) {
    return new PushBatch(List.of(), next.text());
  }
}
