package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import sh.cinch.cli.deadletters.DeadLetterCalls.Settled;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/**
 * What became of dead letters, told.
 *
 * @param word {@code replayed} or {@code dropped}
 */
record Result(String word, Settled settled) {

  /**
   * @return the exit code: 1 where some are left, or it was stopped
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
      settled.stopped().ifPresent(why -> answer.put("stopped", why));
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
    settled
        .stopped()
        .ifPresent(why -> err.printf("The others are as they were: %s%n", Visible.oneLine(why)));
    return settled.left().isEmpty() && settled.stopped().isEmpty() ? 0 : 1;
  }
}
