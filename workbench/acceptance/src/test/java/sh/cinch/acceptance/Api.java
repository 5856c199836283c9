package sh.cinch.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sh.cinch.local.stack.Addresses;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;

/** Plain HTTP to Cinch's API. */
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  private final Addresses addresses;
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();

  Api(Addresses addresses) {
    this.addresses = addresses;
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(call("GET", path, "").body());
  }

  /** Every answer of Cinch's API so far, with its headers. */
  List<String> answers() {
    return List.copyOf(answers);
  }

  Reply call(String method, String path, String body) {
    Reply answer =
        Http.send(
            method,
            addresses.ingress() + "/api/v1" + path,
            Map.of(
                "Authorization",
                "Bearer " + addresses.apiToken(),
                "Content-Type",
                "application/json"),
            body);
    answers.add(answer.body() + answer.headers().map());
    return answer;
  }
}
