package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sh.cinch.cli.deadletters.DeadLetterCalls.Left;
import sh.cinch.cli.deadletters.DeadLetterCalls.Settled;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/**
 * What became of dead letters, told.
 *
 * @param word {@code replayed} or {@code dropped}
 */
record Result(String word, Settled settled) {

  /** One after the other. */
  static Result of(String word, List<String> ids, Function<String, Optional<Left>> each) {
    List<Left> left = new ArrayList<>();
    ids.forEach(id -> each.apply(id).ifPresent(left::add));
    return new Result(word, new Settled(ids.size() - left.size(), left));
  }

  /**
   * @return the exit code: 1 where some are left
   */
  int print(boolean json, PrintWriter out, PrintWriter err) {
    if (json) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put(word, settled.count());
      settled
          .left()
          .forEach(
              one ->
                  answer
                      .withArray("left")
                      .addObject()
                      .put("id", one.id())
                      .put("reason", one.reason()));
      out.println(Json.pretty(answer));
    } else {
      out.printf("%d %s%n", settled.count(), word);
      settled
          .left()
          .forEach(
              one ->
                  err.printf(
                      "not %s: %s: %s%n",
                      word, Visible.oneLine(one.id()), Visible.oneLine(one.reason())));
    }
    return settled.left().isEmpty() ? 0 : 1;
  }
}
