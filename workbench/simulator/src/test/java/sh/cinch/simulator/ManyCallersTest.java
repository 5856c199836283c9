package sh.cinch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class ManyCallersTest {
  private static final int CALLERS = 1000;

  @Test
  void thousandCallersAtOnceAreAllServedAndCounted() throws Exception {
    try (var bitbucket = TestBitbucket.start();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      bitbucket.repository("acme/app");
      String commit = bitbucket.commit("acme/app");
      String token = bitbucket.repositoryToken("acme/app", "repository");
      var start = new Semaphore(0);
      List<Callable<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        String body =
            "{\"key\":\"k%d\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\"}"
                .formatted(i);
        calls.add(
            () -> {
              start.acquire();
              return bitbucket.api(
                  "POST",
                  "/repositories/acme/app/commit/" + commit + "/statuses/build",
                  token,
                  body);
            });
      }

      List<Future<Answer>> answers = calls.stream().map(threads::submit).toList();
      start.release(CALLERS);

      for (Future<Answer> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(201);
      }
      Answer requests = bitbucket.control("GET", "/requests?path=*/statuses/build", "");
      assertThat(requests.at("/total").asInt()).isEqualTo(CALLERS);
      assertThat(bitbucket.control("GET", "/repositories/acme/app/statuses", "").at("/statuses"))
          .hasSize(CALLERS);
    }
  }
}
